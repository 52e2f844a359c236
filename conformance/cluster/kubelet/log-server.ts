/**
 * `GET /containerLogs/{namespace}/{pod}/{container}` over HTTPS, as the API server asks kubelets.
 *
 * A log that does not exist is 404, and never an empty 200: tests would take it for silence.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createLocalCertificate } from '@sluice/pki';
import { type ContainerLog, parseLogQuery, renderLine, selectLines } from './container-log.ts';

export interface LogServer {
  readonly port: number;
  close(): void;
}

/** Far longer than a cluster of this kind lives. */
const certificateDays = 30;

export type FindLog = (pod: string, container: string) => ContainerLog | undefined;

export async function startLogServer(address: string, findLog: FindLog): Promise<LogServer> {
  const { certificatePem, privateKeyPem } = await createLocalCertificate({
    hostnames: [address],
    now: Date.now(),
    days: certificateDays,
  });
  const secrets = { cert: certificatePem, key: privateKeyPem };
  const server = createServer(secrets, (request, response) => {
    answer(request, response, findLog);
  });
  await new Promise<void>((done, reject) => {
    server.once('error', reject);
    server.listen(0, address, done);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, findLog: FindLog): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://kubelet');
  const [, folder, namespace, pod, container] = pathname.split('/');
  const log = findLog(`${namespace}/${pod}`, container ?? '');
  if (folder !== 'containerLogs' || log === undefined) {
    response.writeHead(404).end(`no log at ${pathname}\n`);
    return;
  }
  const query = parseLogQuery(searchParams, Date.now());
  response.writeHead(200, { 'content-type': 'text/plain' });
  for (const line of selectLines(log.lines, query)) response.write(renderLine(line, query));
  if (searchParams.get('follow') !== 'true') {
    response.end();
    return;
  }
  // Who follows is told at once that there is a log, though it may be silent.
  response.flushHeaders();
  const unfollow = log.follow({
    onLine: (line) => response.write(renderLine(line, query)),
    onEnd: () => response.end(),
  });
  response.once('close', unfollow);
}
