/** Every known name is recognised, in any case where that is allowed; nothing near it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELD, FIELD_ALIAS, fieldId, fieldName } from './field-names.ts';
import { METHOD, methodId, methodName } from './methods.ts';
import { octetsOf } from './octets.ts';

const idOf = (name: string): number => fieldId(octetsOf(name), 0, name.length);
const methodOf = (name: string): number => methodId(octetsOf(name), 0, name.length);

test('field names are recognised in any case', () => {
  for (const [name, id] of Object.entries(FIELD)) {
    assert.equal(fieldName(id), name);
    assert.equal(idOf(name), id);
    assert.equal(idOf(name.toUpperCase()), id);
    for (const other of [`${name}x`, `x${name}`, name.slice(1), name.replace(/.$/, '~')]) {
      assert.notEqual(idOf(other), id, other);
    }
  }
});

test('trusted names in disguise are told from other names with underscores', () => {
  for (const name of ['x_forwarded_for', 'X-Forwarded_For', 'Content_Length', 'x_real-IP']) {
    assert.equal(idOf(name), FIELD_ALIAS, name);
  }
  for (const name of ['_', 'x_custom', 'user_agent', 'x_forwarded_fo', 'xx_forwarded_for']) {
    assert.equal(idOf(name), 0, name);
  }
});

test('a name is only read, in a Buffer too', () => {
  const bytes = Buffer.from('X_Custom');
  fieldId(bytes, 0, bytes.length);
  assert.equal(bytes.toString(), 'X_Custom');
});

test('methods are recognised as they are written', () => {
  for (const [name, id] of Object.entries(METHOD)) {
    assert.equal(methodName(id), name);
    assert.equal(methodOf(name), id);
    for (const other of [name.toLowerCase(), `${name}X`, name.slice(1)]) {
      assert.notEqual(methodOf(other), id, other);
    }
  }
});
