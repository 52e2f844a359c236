import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '@sluice/core';
import { createFindingEvents } from './finding-events.ts';

const finding = (reason: string, severity: Finding['severity'] = 'error'): Finding => ({
  subject: { group: '', kind: 'Service', namespace: 'default', name: 'app' },
  severity,
  reason,
  message: 'it is wrong',
  spec: 'GEP-1',
});

test('a finding is told once while it lasts, and again when it comes back', () => {
  const events = createFindingEvents();
  const [effect] = events.pending([finding('Wrong'), finding('Note', 'info')]);
  assert.equal(effect?.reason, 'Wrong');
  assert.equal(events.pending([finding('Wrong')]).length, 1, 'nobody said that it was told');
  events.told(effect);
  assert.deepEqual(events.pending([finding('Wrong')]), []);
  assert.deepEqual(events.pending([]), []);
  assert.equal(events.pending([finding('Wrong')]).length, 1);
});
