/**
 * Steady traffic from clients that never retry: over HTTP and HTTPS, on kept connections and on a
 * new one for each request. Every request must be answered 200 with the body the origin gave;
 * anything else counts as failed, a reset connection too.
 */
import { Agent, type ClientRequest, request } from 'node:http';
import { request as requestTls, Agent as TlsAgent } from 'node:https';

export interface Traffic {
  readonly requestsPerSecond: number;
  readonly counts: Readonly<Counts>;
  /** Sends no more and resolves when all that was sent is answered or has failed. */
  stop(): Promise<void>;
}

interface Counts {
  sent: number;
  answered: number;
  failed: number;
  /** What went wrong, the first few. */
  failures: string[];
}

interface Client {
  readonly name: string;
  readonly perTick: number;
  readonly send: (path: string) => ClientRequest;
}

const tickMs = 10;
const failuresMax = 10;
const paths = ['/stable', '/order'];
const requestTimeoutMs = 5000;

export function startTraffic(port: number, tlsPort: number): Traffic {
  const counts: Counts = { sent: 0, answered: 0, failed: 0, failures: [] };
  const clients = makeClients(port, tlsPort);
  const open = new Set<Promise<void>>();
  const timer = setInterval(() => {
    for (const client of clients) {
      for (let turn = 0; turn < client.perTick; turn++) {
        const sent = send(client, counts);
        open.add(sent);
        void sent.then(() => open.delete(sent));
      }
    }
  }, tickMs);
  const perTick = clients.reduce((sum, client) => sum + client.perTick, 0);
  return {
    requestsPerSecond: (perTick * 1000) / tickMs,
    counts,
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}

function makeClients(port: number, tlsPort: number): Client[] {
  const to = { host: '127.0.0.1', timeout: requestTimeoutMs };
  const plain = { ...to, port };
  const tls = { ...to, port: tlsPort, rejectUnauthorized: false };
  const kept = new Agent({ keepAlive: true, maxSockets: 16 });
  const keptTls = new TlsAgent({ keepAlive: true, maxSockets: 16 });
  return [
    { name: 'http kept', perTick: 3, send: (path) => request({ ...plain, path, agent: kept }) },
    { name: 'http new', perTick: 1, send: (path) => request({ ...plain, path, agent: false }) },
    {
      name: 'https kept',
      perTick: 2,
      send: (path) => requestTls({ ...tls, path, agent: keptTls }),
    },
    { name: 'https new', perTick: 1, send: (path) => requestTls({ ...tls, path, agent: false }) },
  ];
}

/** Resolves when the exchange is over, well or not; it is counted once. */
async function send({ name, send: begin }: Client, counts: Counts): Promise<void> {
  const path = paths[counts.sent++ % paths.length] ?? '/';
  try {
    await exchange(begin(path), path);
    counts.answered++;
  } catch (error) {
    counts.failed++;
    const why = error instanceof Error ? error.message : String(error);
    if (counts.failures.length < failuresMax) counts.failures.push(`${name}: ${why}`);
  }
}

function exchange(outgoing: ClientRequest, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer in time')));
    outgoing.on('error', reject);
    outgoing.once('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.once('close', () => {
        const body = Buffer.concat(chunks).toString();
        if (answer.statusCode !== 200) reject(new Error(`${answer.statusCode} for ${path}`));
        else if (!answer.complete || body !== path) reject(new Error(`wrong body for ${path}`));
        else resolve();
      });
    });
    outgoing.end();
  });
}
