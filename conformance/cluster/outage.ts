/**
 * Takes the API server of a cluster away and brings it back, for those who try what happens then.
 * The supervisor listens for it on the loopback address of the cluster's network namespace, so
 * `npm run cluster -- exec -- curl -X POST http://127.0.0.1:16444/pause` works by hand.
 */
import { createServer } from 'node:http';
import type { ApiServer } from './api-server.ts';

/** `pause`: it hangs. `kill`: it is gone, connections are refused. `end`: it is back, and ready. */
export type OutageStep = 'pause' | 'kill' | 'end';

const address = '127.0.0.1';
const port = 16_444;

/** Never keeps the process alive. */
export async function serveOutages(
  apiServer: Pick<ApiServer, 'pause' | 'kill' | 'start'>,
): Promise<void> {
  const server = createServer((request, response) => {
    const step = request.method === 'POST' ? request.url?.slice(1) : undefined;
    takeStep(apiServer, step).then(
      (known) => response.writeHead(known ? 204 : 404).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.unref();
  await new Promise<void>((done, reject) => {
    server.once('error', reject);
    server.listen(port, address, done);
  });
}

async function takeStep(
  apiServer: Pick<ApiServer, 'pause' | 'kill' | 'start'>,
  step: string | undefined,
): Promise<boolean> {
  if (step === 'pause') apiServer.pause();
  else if (step === 'kill') await apiServer.kill();
  else if (step === 'end') await apiServer.start();
  else return false;
  return true;
}

/** From inside of the cluster's network namespace; resolves when it is so. */
export async function callOutage(step: OutageStep): Promise<void> {
  const response = await fetch(`http://${address}:${port}/${step}`, { method: 'POST' });
  if (!response.ok) throw new Error(`outage ${step}: ${response.status} ${await response.text()}`);
}
