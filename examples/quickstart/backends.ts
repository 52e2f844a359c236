/**
 * The quickstart's sample backends: three servers on loopback that say who they are and what they
 * were asked. `sluice dev --run` ends them with itself.
 */
import { createServer } from 'node:http';

const BACKENDS = [
  { name: 'shop v1', port: 9101 },
  { name: 'shop v2 (canary)', port: 9102 },
  { name: 'orders', port: 9103 },
];

for (const { name, port } of BACKENDS) {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.end(`${name}: ${request.method} ${request.url}\n`);
    request.resume();
  });
  server.on('error', (error) => {
    process.stderr.write(
      `sample backend ${name} can't listen on 127.0.0.1:${port}: ${error.message}\n`,
    );
    process.exitCode = 1;
  });
  server.listen(port, '127.0.0.1');
}
