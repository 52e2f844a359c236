/** Filters compiled in a row mean what they mean one after the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELD } from './field-names.ts';
import { compileHeaderEdits } from './header-edits.ts';
import { textOf } from './octets.ts';

const field = (name: string, value: string) => ({ name, value });
const appendOf = (edits: ReturnType<typeof compileHeaderEdits>): string =>
  textOf(edits.append, 0, edits.append.length);

test('a later filter edits what an earlier one added', () => {
  const edits = compileHeaderEdits([
    { set: [field('A', '1')], add: [field('B', '1'), field('Vary', 'x')], remove: [] },
    { set: [field('b', '2')], add: [field('A', '2')], remove: ['VARY'] },
  ]);
  assert.equal(appendOf(edits), 'A: 1\r\nb: 2\r\nA: 2\r\n');
  assert.equal(edits.omitIds[FIELD.vary], 1);
  assert.deepEqual(
    edits.omitNames.map((name) => textOf(name, 0, name.length)),
    ['a', 'b'],
  );
  assert.deepEqual(edits.refused, []);
});

test('fields that frame a message or manage a connection are refused', () => {
  const names = ['Content-Length', 'transfer-encoding', 'Connection', 'TE', 'Upgrade', 'Trailer'];
  const edits = compileHeaderEdits([
    { set: names.map((name) => field(name, '1')), add: [], remove: [...names, 'Host'] },
  ]);
  assert.deepEqual(edits.refused, [...names, ...names, 'Host']);
  assert.equal(edits.append.length, 0);
  assert.deepEqual(
    [...edits.omitIds].filter((omits) => omits === 1),
    [],
  );
});

test('values that would end a line are refused', () => {
  const values = ['a\r\nB: c', 'a\nb', 'a\0b', 'a\x7f', '\u{2603}'];
  const edits = compileHeaderEdits([
    { set: values.map((value) => field('A', value)), add: [field('B: c', '1')], remove: ['', 'é'] },
  ]);
  assert.equal(edits.append.length, 0);
  assert.equal(edits.refused.length, values.length + 3);
});

test('names of JavaScript are plain names', () => {
  const edits = compileHeaderEdits([
    { set: [field('__proto__', '1')], add: [field('constructor', '2')], remove: ['toString'] },
  ]);
  assert.equal(appendOf(edits), '__proto__: 1\r\nconstructor: 2\r\n');
  assert.equal(edits.omitNames.length, 2);
});

test('Host is set apart', () => {
  const edits = compileHeaderEdits([
    { set: [field('host', 'a')], add: [], remove: [] },
    { set: [field('Host', 'b')], add: [field('host', 'b/c')], remove: [] },
  ]);
  assert.deepEqual(edits.refused, ['host']);
  assert.equal(edits.host, 'b');
  assert.equal(edits.append.length, 0);
});
