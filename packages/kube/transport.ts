/**
 * HTTP to the API server over kept-alive HTTP/1.1 connections. A watch holds a connection; the
 * agent's bound is for what is in flight at once, far above the number of watched kinds.
 *
 * A peer that is gone is found: by the limit on connecting, else by TCP's own probes, which a
 * silent connection sends after 15 seconds and gives up after ten more.
 */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { openIdentity } from './credential-source.ts';
import type { ClusterAccess, Identity } from './credentials.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  /** May be sent again if the kept connection it took turns out to be closed. */
  readonly repeatable: boolean;
  readonly signal: AbortSignal;
}

/** A head that has come, and the body as it comes. */
export type Answer = Pick<IncomingMessage, 'statusCode' | 'headers' | 'headersDistinct'> &
  AsyncIterable<Buffer>;

export interface Transport {
  /** Resolves with the head; the caller reads the body. Rejects if there is no answer. */
  open(call: Call): Promise<Answer>;
  close(): void;
}

const agentOptions = { keepAlive: true, maxSockets: 128, scheduling: 'lifo' } as const;
const connectTimeoutMs = 3_000;
const keepAliveAfterMs = 15_000;

export function openTransport(access: ClusterAccess): Transport {
  const base = new URL(access.server);
  const prefix = base.pathname.replace(/\/$/, '');
  const isPlain = base.protocol === 'http:';
  const agent = isPlain
    ? new HttpAgent(agentOptions)
    : new HttpsAgent({
        ...agentOptions,
        ca: access.certificateAuthority,
        rejectUnauthorized: access.skipTlsVerify !== true,
        ...(access.serverName === undefined ? {} : { servername: access.serverName }),
      });
  const source = openIdentity(access);
  const send = isPlain ? requestHttp : requestHttps;

  const attempt = (call: Call, identity: Identity): Promise<IncomingMessage> =>
    new Promise<IncomingMessage>((resolve, reject) => {
      let isAnswered = false;
      const outgoing = send(
        {
          agent,
          protocol: base.protocol,
          hostname: base.hostname.replace(/^\[|\]$/g, ''),
          port: base.port,
          method: call.method,
          path: prefix + call.path,
          signal: call.signal,
          headers: headersOf(call, identity),
          // Connections are told apart by their certificates: a renewed one gets new ones.
          ...(identity.keyPair === undefined
            ? {}
            : { cert: identity.keyPair.certificate, key: identity.keyPair.key }),
        },
        (answer) => {
          // Whoever reads it gets its error; nobody does after an abort.
          answer.on('error', () => undefined);
          isAnswered = true;
          resolve(answer);
        },
      );
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        const wasClosed = outgoing.reusedSocket && error.code === 'ECONNRESET';
        if (wasClosed && call.repeatable && !isAnswered) resolve(attempt(call, identity));
        else reject(error);
      });
      outgoing.on('socket', limitConnecting);
      outgoing.end(call.body);
    });

  return {
    async open(call) {
      const identity = await source.current();
      const response = await attempt(call, identity);
      if (response.statusCode !== 401) return response;
      // An answer that nobody reads would keep its connection.
      const renewed = await source.renew(identity).catch((error: unknown) => {
        response.resume();
        throw error;
      });
      if (renewed === undefined) return response;
      response.resume();
      return attempt(call, renewed);
    },
    close: () => agent.destroy(),
  };
}

/** The length is always told: Node.js would leave it out of a DELETE that has a body. */
function headersOf({ body, contentType = 'application/json' }: Call, { authorization }: Identity) {
  return {
    accept: 'application/json',
    'user-agent': 'sluice',
    ...(authorization === undefined ? {} : { authorization }),
    ...(body === undefined
      ? {}
      : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
  };
}

function limitConnecting(socket: Socket): void {
  socket.setKeepAlive(true, keepAliveAfterMs);
  if (!socket.connecting) return;
  const limit = setTimeout(() => {
    socket.destroy(new Error(`no connection within ${connectTimeoutMs} ms`));
  }, connectTimeoutMs);
  const clear = () => clearTimeout(limit);
  socket.once('connect', clear).once('close', clear);
}

/** Only seconds; API servers send no dates. */
export function readRetryAfter(answer: Answer): number | undefined {
  const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

export async function readText(answer: Answer, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Proxies on the way answer with prose; then the code alone tells what happened. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
