/** One HTTP request over a connection of its own (or of an agent), with the whole answer. */
import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface ClientRequestOptions {
  readonly port: number;
  readonly path?: string;
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  /** Makes it HTTPS. */
  readonly tls?: { readonly servername: string; readonly ca: string };
}

export interface ClientResponse {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly trailers: NodeJS.Dict<string>;
  readonly body: Buffer;
  readonly text: string;
}

export function fetchOnce(options: ClientRequestOptions): Promise<ClientResponse> {
  const { port, path = '/', method = 'GET', host, body, tls } = options;
  const headers = { ...options.headers, ...(host === undefined ? {} : { host }) };
  const agent = options.agent ?? false;
  return new Promise((resolve, reject) => {
    const all = { port, host: '127.0.0.1', path, method, headers, agent, ...tls };
    const send = tls === undefined ? httpRequest : httpsRequest;
    const request = send(all, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const whole = Buffer.concat(parts);
        resolve({
          statusCode: response.statusCode ?? 0,
          headers: response.headers,
          rawHeaders: response.rawHeaders,
          trailers: response.trailers,
          body: whole,
          text: whole.toString(),
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
