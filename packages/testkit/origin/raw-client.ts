/** A client that sends bytes as they are given and reads what comes. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

export interface RawClient extends Disposable {
  readonly socket: Socket | TLSSocket;
  /** Everything received so far, one character per byte. */
  readonly received: string;
  readonly ended: boolean;
  send(text: string): void;
  /** Resolves when the text received fulfils the condition; rejects when the connection ends. */
  until(condition: (received: string) => boolean): Promise<string>;
  /** Until the other side has closed. */
  untilEnd(): Promise<string>;
}

export interface RawClientOptions {
  readonly port: number;
  /** Server name and trusted roots make it a TLS connection. */
  readonly tls?: {
    readonly servername: string;
    readonly ca: string;
    readonly cert?: string;
    readonly key?: string;
  };
}

export async function connectRaw(options: RawClientOptions): Promise<RawClient> {
  const { port, tls } = options;
  const host = '127.0.0.1';
  const socket = tls === undefined ? connect({ port, host }) : connectTls({ port, host, ...tls });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once(tls === undefined ? 'connect' : 'secureConnect', resolve);
  });
  let received = '';
  let ended = false;
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  socket.on('data', (bytes: Buffer) => {
    received += bytes.toString('latin1');
    changed();
  });
  socket.on('error', () => {});
  const onEnded = (): void => {
    ended = true;
    changed();
  };
  socket.on('end', onEnded);
  socket.on('close', onEnded);
  const wait = (done: () => boolean, failed: () => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (done()) resolve(received);
        else if (failed())
          reject(new Error(`the connection ended after ${JSON.stringify(received.slice(-500))}`));
        else return;
        listeners.delete(check);
      };
      listeners.add(check);
      check();
    });
  return {
    socket,
    get received() {
      return received;
    },
    get ended() {
      return ended;
    },
    send: (text) => void socket.write(text, 'latin1'),
    until: (condition) =>
      wait(
        () => condition(received),
        () => ended,
      ),
    untilEnd: () =>
      wait(
        () => ended,
        () => false,
      ),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
