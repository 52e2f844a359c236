/** Sends one request as it is given, with any Host and any server name. */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { ExchangeRequest } from './exchange.ts';
import type { Headers } from './headers.ts';

export interface LiveRequest extends ExchangeRequest {
  /** Port on 127.0.0.1. */
  readonly boundPort: number;
}

export interface LiveResponse {
  readonly status: number;
  /** Lower-case names; several fields of one name are joined by a comma. */
  readonly headers: Headers;
}

/** Undefined: no answer came, since the connection or the handshake was refused. */
export function sendLive(request: LiveRequest): Promise<LiveResponse | undefined> {
  const { boundPort, scheme, method, target, host, sni, headers } = request;
  const shared = {
    host: '127.0.0.1',
    port: boundPort,
    method,
    path: target,
    headers: ['Host', host, ...Object.entries(headers).flat()],
    agent: false as const,
  };
  return new Promise((resolve, reject) => {
    const sent: ClientRequest =
      scheme === 'http'
        ? httpRequest(shared)
        : httpsRequest({ ...shared, servername: sni, rejectUnauthorized: false });
    sent.on('response', (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => resolve(readResponse(response)));
    });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(readResponse(response));
    });
    sent.on('error', () => resolve(undefined));
    sent.end();
  });
}

function readResponse({ statusCode: status = 0, headersDistinct }: IncomingMessage): LiveResponse {
  const entries = Object.entries(headersDistinct).map(
    ([name, values]) => [name, (values ?? []).join(',')] as const,
  );
  return { status, headers: Object.fromEntries(entries) };
}
