import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from './api-error.ts';

test('an error has the causes of the server, field by field', () => {
  const causes = [
    { reason: 'FieldValueRequired', field: 'spec.a', message: 'Required value' },
    { reason: 'FieldManagerConflict' },
    'no cause',
  ];
  const error = new ApiError('create a', { code: 422, details: { causes } }, { code: 422 });
  assert.deepEqual(error.causes, [{ field: 'spec.a', message: 'Required value' }]);
  assert.deepEqual(new ApiError('create a', 'no JSON', { code: 500 }).causes, []);
});
