import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gateway } from '@sluice/spec';
import { buildPortMapping, parsePortOptions } from './port-mapping.ts';

const gateway = (...ports: number[]) =>
  ({ spec: { listeners: ports.map((port) => ({ port })) } }) as unknown as Gateway;

test('privileged ports move by 8000, others stay', () => {
  assert.deepEqual(buildPortMapping([gateway(80, 443, 9000)], new Map()), { 80: 8080, 443: 8443 });
});

test('a mapped port never takes one that a listener declares', () => {
  assert.deepEqual(buildPortMapping([gateway(80), gateway(8080)], new Map()), { 80: 18_080 });
});

test('--port wins', () => {
  const fixed = parsePortOptions(['80=9000', '9001=9002']);
  assert.deepEqual(buildPortMapping([gateway(80, 9001)], fixed), { 80: 9000, 9001: 9002 });
});

for (const option of ['80', '80=', '=80', '80=x', '0=80', '80=65536', '80=1=2.5']) {
  test(`--port ${option} is refused with an example`, () => {
    assert.throws(() => parsePortOptions([option]), /--port .*for example --port 80=9000/);
  });
}
