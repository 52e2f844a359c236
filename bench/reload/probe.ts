/**
 * Looks from outside whether an edit is live: asks on a new connection until what is expected is
 * seen. Its questions are not part of the counted traffic; an answer that is not there yet is fine.
 */
import { X509Certificate } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:tls';
import type { Expectation } from './edit.ts';

const intervalMs = 3;

export interface ProbePorts {
  readonly port: number;
  readonly tlsPort: number;
}

/** Resolves with the milliseconds it took. Throws when it is not so within `withinMs`. */
export async function untilSeen(
  expected: Expectation,
  ports: ProbePorts,
  withinMs: number,
): Promise<number> {
  const start = performance.now();
  for (;;) {
    if (await isSeen(expected, ports)) return performance.now() - start;
    if (performance.now() - start > withinMs) throw new Error(`not live in ${withinMs} ms`);
    await delay(intervalMs);
  }
}

async function isSeen(expected: Expectation, ports: ProbePorts): Promise<boolean> {
  if (expected.kind === 'certificate') {
    const { fingerprint256 } = new X509Certificate(expected.certificate.chain);
    return (await presentedFingerprint(ports.tlsPort)) === fingerprint256;
  }
  const { statusCode, headers } = await ask(ports.port, expected.path);
  if (expected.version === undefined) return statusCode === 404;
  return statusCode === 200 && headers['x-version'] === expected.version;
}

function ask(port: number, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, agent: false }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer));
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

function presentedFingerprint(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
