/** One contract, run against every way to get a connection. */
import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls';
import { makeKeyPair } from '@sluice/testkit';
import type { Connection, ConnectionHandler } from './connection.ts';
import { probeNativeHandles } from './native-handle.ts';
import { acceptTcp, connectTcp } from './tcp.ts';
import { createTlsServer } from './tls.ts';

/** A connection under test and the plain socket at its other end. */
interface Pair extends AsyncDisposable {
  readonly connection: Connection;
  readonly peer: Socket | TLSSocket;
  /** Closes the peer's descriptor at once. */
  close(): void;
}

type OpenPair = () => Promise<Pair>;

const implementations: Record<string, OpenPair> = {
  'accepted, read in place': () => openAccepted(true),
  'accepted, with events': () => openAccepted(false),
  connected: openConnected,
  TLS: openTls,
};

for (const [name, open] of Object.entries(implementations)) {
  describe(`connection: ${name}`, () => {
    test('bytes arrive in both directions, whole and in order', async () => {
      await using pair = await open();
      const { connection, peer } = pair;
      const seen = record(connection);
      peer.write('hello');
      await seen.until(() => seen.text === 'hello');
      const heard = listen(peer);
      writeText(connection, 'one ');
      writeText(connection, 'two');
      await heard.until(() => heard.text === 'one two');
    });

    test('the caller may reuse its bytes as soon as write returns', async () => {
      await using pair = await open();
      const { connection, peer } = pair;
      record(connection);
      const heard = listen(peer);
      const bytes = Buffer.alloc(32 * 1024);
      let expected = '';
      for (let index = 0; index < 200; index += 1) {
        const letter = String.fromCharCode(97 + (index % 26));
        bytes.fill(letter);
        connection.write(bytes, 0, bytes.length);
        expected += letter.repeat(bytes.length);
        bytes.fill('!');
      }
      await heard.until(() => heard.length === expected.length);
      assert.ok(heard.text === expected);
    });

    test('a slow peer makes write return false, and onWritable says when to go on', async () => {
      await using pair = await open();
      const { connection, peer } = pair;
      const seen = record(connection);
      peer.pause();
      const bytes = Buffer.alloc(256 * 1024, 'x');
      let written = 0;
      while (written < 64_000_000) {
        written += bytes.length;
        if (!connection.write(bytes, 0, bytes.length)) break;
      }
      assert.ok(written < 64_000_000, 'everything was taken');
      assert.equal(seen.writable, 0);
      assert.equal(connection.isWritable, false);
      const heard = listen(peer);
      peer.resume();
      await seen.until(() => seen.writable === 1);
      assert.equal(connection.isWritable, true);
      await heard.until(() => heard.length === written);
    });

    test('nothing arrives while paused, everything after', async () => {
      await using pair = await open();
      const { connection, peer } = pair;
      const seen = record(connection);
      connection.pause();
      peer.write('held');
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal(seen.text, '');
      connection.resume();
      await seen.until(() => seen.text === 'held');
    });

    test('half-close: the end of one direction leaves the other open', async () => {
      await using pair = await open();
      const { connection, peer } = pair;
      const seen = record(connection);
      const heard = listen(peer);
      peer.end('last');
      await seen.until(() => seen.ends === 1);
      assert.equal(seen.text, 'last');
      writeText(connection, 'answer');
      connection.end();
      await heard.until(() => heard.ended);
      assert.equal(heard.text, 'answer');
      await seen.until(() => seen.closes === 1);
    });

    test('destroy closes once, later, and silences everything after it', async () => {
      await using pair = await open();
      const { connection, peer } = pair;
      const seen = record(connection);
      connection.destroy();
      assert.equal(seen.closes, 0);
      await seen.until(() => seen.closes === 1);
      connection.destroy();
      connection.pause();
      connection.resume();
      connection.end();
      writeText(connection, 'nobody');
      peer.destroy();
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(seen.closes, 1);
    });

    test('a reset by the peer closes with its error', async () => {
      await using pair = await open();
      const { connection, peer } = pair;
      const seen = record(connection);
      // Closing with unread bytes is a reset.
      peer.pause();
      writeText(connection, 'x'.repeat(200_000));
      await new Promise((resolve) => setTimeout(resolve, 20));
      pair.close();
      await seen.until(() => seen.closes === 1);
      assert.ok(seen.error instanceof Error);
    });
  });
}

test('the native handles of this runtime pass their probe', async () => {
  assert.equal(await probeNativeHandles(), true);
});

test('connecting where nobody listens fails once; a cancelled one says nothing', async () => {
  const server = createServer();
  const port = await listenOn(server);
  await new Promise((resolve) => server.close(resolve));
  const target = { address: '127.0.0.1', port, native: true };
  const error = await new Promise<Error>((resolve, reject) => {
    connectTcp(target, () => reject(new Error('connected')), resolve);
  });
  assert.match(error.message, /ECONNREFUSED/);
  let calls = 0;
  const count = (): void => {
    calls += 1;
  };
  connectTcp(target, count, count).cancel();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(calls, 0);
});

async function openAccepted(native: boolean): Promise<Pair> {
  const server = createServer({ allowHalfOpen: true });
  const port = await listenOn(server);
  const accepted = new Promise<Connection>((resolve) => acceptTcp(server, native, resolve));
  const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  return pairOf(await accepted, peer, server);
}

async function openConnected(): Promise<Pair> {
  const server = createServer({ allowHalfOpen: true });
  const port = await listenOn(server);
  const peer = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const connection = await new Promise<Connection>((resolve, reject) => {
    connectTcp({ address: '127.0.0.1', port, native: true }, resolve, reject);
  });
  return pairOf(connection, await peer, server);
}

async function openTls(): Promise<Pair> {
  const pair = await makeKeyPair('a', ['a.example']);
  const [keys] = pair.keys.values();
  const context = createSecureContext({
    cert: keys?.certificatePem ?? '',
    key: keys?.privateKeyPem ?? '',
  });
  let accept: (connection: Connection) => void = () => {};
  const accepted = new Promise<Connection>((resolve) => {
    accept = resolve;
  });
  const server = createTlsServer({
    policy: {
      contextFor: () => context,
      nameless: () => undefined,
      requestsCertificate: false,
      acceptsClient: () => true,
    },
    handshakeMs: 1_000,
    ticketKeys: undefined,
    onConnection: (connection) => accept(connection),
    onHandshakeFailed() {},
  });
  const port = await listenOn(server);
  const options = { servername: 'a.example', ca: pair.caPem, allowHalfOpen: true };
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const peer = connectTls({ socket, ...options });
  const connection = await accepted;
  assert.equal(connection.tls?.serverName, 'a.example');
  return pairOf(connection, peer, server, socket);
}

function pairOf(connection: Connection, peer: Socket, server: Server, socket: Socket = peer): Pair {
  for (const one of [peer, socket]) one.on('error', () => {});
  return {
    connection,
    peer,
    close() {
      peer.destroy();
      socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      connection.destroy();
      peer.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listenOn(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Counts the callbacks and keeps what arrived. */
function record(connection: Connection) {
  const waiting = waiter();
  const seen = {
    text: '',
    writable: 0,
    ends: 0,
    closes: 0,
    error: undefined as Error | undefined,
    until: waiting.until,
  };
  const handler: ConnectionHandler = {
    onBytes(buffer, start, end) {
      seen.text += Buffer.from(buffer.subarray(start, end)).toString('latin1');
      waiting.changed();
    },
    onWritable() {
      seen.writable += 1;
      waiting.changed();
    },
    onEnd() {
      seen.ends += 1;
      waiting.changed();
    },
    onClose(error) {
      seen.closes += 1;
      seen.error = error;
      waiting.changed();
    },
  };
  connection.handler = handler;
  return seen;
}

function listen(socket: Socket) {
  const waiting = waiter();
  const parts: string[] = [];
  const heard = {
    length: 0,
    get text() {
      return parts.join('');
    },
    ended: false,
    until: waiting.until,
  };
  socket.on('data', (bytes) => {
    parts.push(bytes.toString('latin1'));
    heard.length += bytes.length;
    waiting.changed();
  });
  socket.on('end', () => {
    heard.ended = true;
    waiting.changed();
  });
  return heard;
}

function waiter() {
  const checks = new Set<() => void>();
  return {
    changed(): void {
      for (const check of checks) check();
    },
    until(condition: () => boolean): Promise<void> {
      return new Promise((resolve) => {
        const check = (): void => {
          if (!condition()) return;
          checks.delete(check);
          resolve();
        };
        checks.add(check);
        check();
      });
    },
  };
}

function writeText(connection: Connection, text: string): void {
  const bytes = Buffer.from(text);
  connection.write(bytes, 0, bytes.length);
}
