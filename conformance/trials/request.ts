/** One HTTP request to a Gateway's address, on a connection of its own. */
import { type ClientRequest, request as startPlain } from 'node:http';
import { request as startTls } from 'node:https';

export interface Target {
  readonly address: string;
  readonly port?: number;
  readonly host?: string;
  readonly path?: string;
  /** Makes it HTTPS; the certificate is not checked. */
  readonly serverName?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const timeoutMs = 5_000;

/** Rejects when there is no whole answer in time. */
export function ask(target: Target): Promise<Answer> {
  const { address, host, serverName, path = '/' } = target;
  const port = target.port ?? (serverName === undefined ? 80 : 443);
  const headers = { host: host ?? address };
  const common = { host: address, port, path, headers, agent: false, timeout: timeoutMs };
  return readAnswer(
    serverName === undefined
      ? startPlain(common)
      : startTls({ ...common, servername: serverName, rejectUnauthorized: false }),
  );
}

/** Sends the request and reads the whole answer. */
export function readAnswer(request: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.once('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.once('close', () => {
        if (!response.complete) return reject(new Error('the answer ended too early'));
        return resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    request.end();
  });
}
