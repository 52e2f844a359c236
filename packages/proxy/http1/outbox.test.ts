import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connection } from '../transport/connection.ts';
import { connectionTo } from '../transport/sample-connection.ts';
import { Outbox } from './outbox.ts';

const turnEnd = () => new Promise<void>((resolve) => setImmediate(resolve));

function put(outbox: Outbox, connection: Connection, text: string): void {
  outbox.claim(connection);
  outbox.append(Buffer.from(text), 0, text.length);
}

test('what ends messages leaves at the end of the turn, in order, each connection at once', async () => {
  const departed: string[] = [];
  const outbox = new Outbox();
  const [a, b] = [connectionTo(departed, 'a'), connectionTo(departed, 'b')];
  for (const [connection, text] of [
    [a, '1'],
    [b, '2'],
    [b, '3'],
    [a, '4'],
  ] as const) {
    put(outbox, connection, text);
    outbox.flushLater();
  }
  assert.deepEqual(departed, []);
  assert.equal(outbox.departures, 0);
  await turnEnd();
  assert.deepEqual(departed, ['a:1', 'b:23', 'a:4']);
  assert.equal(outbox.departures, 1);
  put(outbox, a, '5');
  outbox.flushLater();
  await turnEnd();
  assert.equal(departed.at(-1), 'a:5');
});

test('a flush overtakes nothing, and says whether its own connection takes more', async () => {
  const departed: string[] = [];
  const outbox = new Outbox();
  const [a, slow] = [connectionTo(departed, 'a'), connectionTo(departed, 'slow', false)];
  put(outbox, slow, '1');
  outbox.flushLater();
  put(outbox, a, '2');
  assert.equal(outbox.flush(), true);
  assert.deepEqual(departed, ['slow:1', 'a:2']);
  put(outbox, a, '3');
  outbox.flushLater();
  put(outbox, slow, '4');
  assert.equal(outbox.flush(), false);
  assert.deepEqual(departed.slice(2), ['a:3', 'slow:4']);
  await turnEnd();
  assert.equal(departed.length, 4);
});

test('a flush without bytes slows nobody down, however slow the connection before was', () => {
  const outbox = new Outbox();
  put(outbox, connectionTo([], 'slow', false), '1');
  assert.equal(outbox.flush(), false);
  assert.equal(outbox.flush(), true);
});

test('bytes of a connection wait when another one comes between', () => {
  const departed: string[] = [];
  const outbox = new Outbox();
  const [a, b] = [connectionTo(departed, 'a'), connectionTo(departed, 'b')];
  put(outbox, a, 'head');
  put(outbox, b, 'whole');
  put(outbox, a, 'body');
  outbox.flush();
  assert.deepEqual(departed, ['a:head', 'b:whole', 'a:body']);
});

test('long ranges leave at once, behind what waits', () => {
  const departed: string[] = [];
  const outbox = new Outbox();
  const [a, b] = [connectionTo(departed, 'a'), connectionTo(departed, 'b')];
  put(outbox, a, '1');
  outbox.flushLater();
  put(outbox, b, 'head');
  put(outbox, b, 'x'.repeat(20_000));
  assert.deepEqual(departed, ['a:1', 'b:head', `b:${'x'.repeat(20_000)}`]);
});

test('neither many messages nor many octets wait', () => {
  const departed: string[] = [];
  const outbox = new Outbox();
  const connections = [connectionTo(departed, 'a'), connectionTo(departed, 'b')] as const;
  for (let index = 0; departed.length === 0; index += 1) {
    assert.ok(index <= 64);
    put(outbox, connections[index % 2 === 0 ? 0 : 1], '.');
    outbox.flushLater();
  }
  departed.length = 0;
  const text = 'x'.repeat(10_000);
  for (let index = 0; departed.length === 0; index += 1) {
    assert.ok(index <= 7);
    put(outbox, connections[index % 2 === 0 ? 0 : 1], text);
    outbox.flushLater();
  }
});
