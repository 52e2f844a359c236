import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignAddresses } from './addresses.ts';

const assign = (users: Record<string, number[]>, first = '127.0.0.1') =>
  Object.fromEntries(
    Object.entries(
      assignAddresses(
        Object.entries(users).map(([gateway, ports]) => ({ gateway, ports })),
        first,
      ),
    ).map(([gateway, addresses]) => [gateway, addresses[0]]),
  );

test('Gateways share an address while their ports differ', () => {
  assert.deepEqual(assign({ 'a/web': [8080], 'a/tls': [8443] }), {
    'a/web': '127.0.0.1',
    'a/tls': '127.0.0.1',
  });
});

test('a Gateway whose port is taken moves to the next address as a whole', () => {
  assert.deepEqual(assign({ 'a/one': [8080], 'a/two': [8443, 8080], 'b/three': [8080] }), {
    'a/one': '127.0.0.1',
    'a/two': '127.0.0.2',
    'b/three': '127.0.0.3',
  });
});

test('addresses carry over into the next octet', () => {
  assert.deepEqual(assign({ 'a/one': [80], 'a/two': [80] }, '127.0.0.255'), {
    'a/one': '127.0.0.255',
    'a/two': '127.0.1.0',
  });
});

test('a Gateway named like a property of objects is a Gateway', () => {
  assert.deepEqual(assign({ __proto__x: [80], 'constructor/x': [80] }), {
    __proto__x: '127.0.0.1',
    'constructor/x': '127.0.0.2',
  });
});
