/** Privileged ports are shifted, and never onto a port that something else binds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Settings } from '../snapshot.ts';
import { assignBindPorts } from './bind-port.ts';

const settings: Settings = {
  controllerName: 'sluice.dev/gateway-controller',
  namespaces: 'known',
  portMapping: {},
  addresses: {},
  usableAddresses: [],
  allowLoopbackEndpoints: false,
};
const shifted: Settings = { ...settings, privilegedPortShift: 10_000 };

test('without a shift, ports are bound as they are mapped', () => {
  const mapped = { ...settings, portMapping: { '80': 8080 } };
  assert.deepEqual(
    [...assignBindPorts(mapped, [80, 443])],
    [
      [80, 8080],
      [443, 443],
    ],
  );
});

test('privileged ports are shifted, others are not', () => {
  const ports = assignBindPorts(shifted, [443, 80, 8080]);
  assert.deepEqual([ports.get(80), ports.get(443), ports.get(8080)], [10_080, 10_443, 8080]);
});

test('a shifted port makes way, whatever the order', () => {
  const expected = [10_080, 10_081, 10_082];
  for (const order of [
    [80, 81, 10_080],
    [10_080, 81, 80],
  ]) {
    const ports = assignBindPorts(shifted, order);
    assert.deepEqual([ports.get(10_080), ports.get(80), ports.get(81)], expected);
  }
});

test('a reserved port is not given away', () => {
  const reserved = { ...shifted, reservedPorts: [10_080] };
  assert.equal(assignBindPorts(reserved, [80]).get(80), 10_081);
});
