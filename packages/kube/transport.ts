/**
 * HTTP to the API server over kept-alive HTTP/1.1 connections. A watch holds a connection; the
 * agent's bound is for what is in flight at once, far above the number of watched kinds.
 */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { ClusterAccess } from './credentials.ts';
import { authorizer } from './credentials.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly signal: AbortSignal;
}

export interface Transport {
  /** Resolves with the head; the caller reads the body. Rejects if there is no answer. */
  open(call: Call): Promise<IncomingMessage>;
  close(): void;
}

const agentOptions = { keepAlive: true, maxSockets: 128, scheduling: 'lifo' } as const;

export function openTransport(access: ClusterAccess): Transport {
  const base = new URL(access.server);
  const prefix = base.pathname.replace(/\/$/, '');
  const { credentials } = access;
  const agent =
    base.protocol === 'http:'
      ? new HttpAgent(agentOptions)
      : new HttpsAgent({
          ...agentOptions,
          ca: access.certificateAuthority,
          rejectUnauthorized: access.skipTlsVerify !== true,
          ...(credentials.kind === 'client-certificate'
            ? { cert: credentials.certificate, key: credentials.key }
            : {}),
        });
  const authorize = authorizer(credentials);
  const send = base.protocol === 'http:' ? requestHttp : requestHttps;

  const attempt = async (call: Call, refused: boolean): Promise<IncomingMessage> => {
    const authorization = await authorize(refused);
    return new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = send(
        {
          agent,
          protocol: base.protocol,
          hostname: base.hostname.replace(/^\[|\]$/g, ''),
          port: base.port,
          method: call.method,
          path: prefix + call.path,
          signal: call.signal,
          headers: {
            accept: 'application/json',
            'user-agent': 'sluice',
            ...(authorization === undefined ? {} : { authorization }),
            ...(call.body === undefined
              ? {}
              : {
                  'content-type': call.contentType ?? 'application/json',
                  'content-length': Buffer.byteLength(call.body),
                }),
          },
        },
        resolve,
      );
      outgoing.on('error', reject);
      outgoing.on('socket', (socket) => socket.setKeepAlive(true, 15_000));
      outgoing.end(call.body);
    });
  };

  return {
    async open(call) {
      const response = await attempt(call, false);
      if (response.statusCode !== 401 || credentials.kind !== 'token-file') return response;
      response.resume();
      return attempt(call, true);
    },
    close: () => agent.destroy(),
  };
}

/** Only seconds; API servers send no dates. */
export function readRetryAfter(response: IncomingMessage): number | undefined {
  const seconds = Number(response.headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
