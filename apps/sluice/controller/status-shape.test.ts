import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitConditions, holdsStatus, surplusKeys } from './status-shape.ts';

const condition = (type: string, status = 'True') => ({ type, status });
const conditions = (...types: string[]) => ({ conditions: types.map((type) => condition(type)) });

test('conditions of others take their room from the optional ones first', () => {
  const desired = conditions('Optional', 'Accepted', 'Programmed', 'ResolvedRefs');
  assert.equal(fitConditions(desired, conditions('a', 'b', 'c', 'd')), desired);
  assert.deepEqual(
    fitConditions(desired, conditions('a', 'b', 'c', 'd', 'e')),
    conditions('Accepted', 'Programmed', 'ResolvedRefs'),
  );
  assert.deepEqual(
    fitConditions(desired, conditions('a', 'b', 'c', 'd', 'e', 'f', 'g')),
    conditions('Accepted'),
  );
  const own = conditions('Optional', 'Accepted', 'Programmed', 'ResolvedRefs', 'a', 'b', 'c', 'd');
  assert.equal(fitConditions(desired, own), desired, 'our own of before take no room');
});

test('a status is held when all of it is there, whatever else is', () => {
  const desired = { conditions: [condition('Accepted')], attachedListenerSets: 0 };
  const live = { attachedListenerSets: 0, conditions: [condition('Other'), condition('Accepted')] };
  assert.equal(holdsStatus(desired, live), true);
  assert.equal(holdsStatus(desired, { ...live, attachedListenerSets: 1 }), false);
  assert.equal(holdsStatus(desired, { ...live, conditions: [condition('Other')] }), false);
  assert.equal(
    holdsStatus(desired, { ...live, conditions: [condition('Accepted', 'False')] }),
    false,
  );
  assert.equal(holdsStatus(desired, undefined), false);
});

test('listeners are compared by name, their conditions by type, their kinds as a whole', () => {
  const listener = (more: object) => ({
    listeners: [{ name: 'http', ...conditions('Accepted'), supportedKinds: ['a'], ...more }],
  });
  const live = listener(conditions('Foreign', 'Accepted'));
  assert.equal(holdsStatus(listener({}), live), true);
  assert.equal(holdsStatus(listener({ supportedKinds: ['a', 'b'] }), live), false);
  assert.equal(holdsStatus(listener({ name: 'other' }), live), false);
});

test('an empty list of addresses is the same as none; another one is not', () => {
  assert.equal(holdsStatus({ addresses: [] }, {}), true);
  assert.equal(holdsStatus({ addresses: [] }, { addresses: [{ value: '1' }] }), false);
});

test('what is there and not desired is named', () => {
  const desired = { ...conditions('Accepted'), listeners: [{ name: 'http' }] };
  const live = {
    ...conditions('Accepted', 'Foreign'),
    listeners: [{ name: 'http' }, { name: 'gone' }],
  };
  assert.deepEqual(surplusKeys(desired, live), ['conditions/Foreign', 'listeners/gone']);
});
