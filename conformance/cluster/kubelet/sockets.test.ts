import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerPort } from './pod.ts';
import { socketsReady } from './sockets.ts';

const heading = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt';
/** Listens on 3000 and 3001 (IPv6 wildcard); 8080 is a connection, not a listener. */
const tcp = [
  heading,
  '   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0',
  '   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0',
  heading,
  '   0: 00000000000000000000000000000000:0BB9 00000000000000000000000000000000:0000 0A 0:0',
].join('\n');
const udp = [heading, '   0: 00000000:14B4 00000000:0000 07 00000000:00000000'].join('\n');

const cases: readonly [title: string, ports: readonly ContainerPort[], ready: boolean][] = [
  ['an open port', [{ containerPort: 3000 }], true],
  ['open ports, IPv4 and IPv6', [{ containerPort: 3000 }, { containerPort: 3001 }], true],
  ['a port of a connection', [{ containerPort: 8080 }], false],
  ['one port of two', [{ containerPort: 3000 }, { containerPort: 9 }], false],
  ['a UDP port', [{ containerPort: 5300, protocol: 'UDP' }], true],
  ['a TCP port that is open for UDP', [{ containerPort: 5300, protocol: 'TCP' }], false],
  ['no declared port', [], true],
];
for (const [title, ports, ready] of cases) {
  test(`${title}: ${ready ? 'ready' : 'not ready'}`, () => {
    assert.equal(socketsReady(ports, { tcp, udp }, 0), ready);
  });
}

test('without any socket a container is ready when it has run for a while', () => {
  const none = { tcp: heading, udp: heading };
  assert.equal(socketsReady([], none, 1_999), false);
  assert.equal(socketsReady([], none, 2_000), true);
  assert.equal(socketsReady([{ containerPort: 9 }], none, 2_000), true);
});
