/** Waits for what runs beside the gateway, so that the first request finds it listening. */
import { connect, isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { EndpointSlice, KubernetesObject } from '@sluice/spec';

const RETRY_MS = 50;

/** Resolves when every loopback endpoint takes connections, or after `timeoutMs`. */
export async function untilReachable(
  objects: readonly KubernetesObject[],
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const waitFor = async (address: string, port: number): Promise<void> => {
    while (!(await isListening(address, port)) && Date.now() < deadline) await delay(RETRY_MS);
  };
  const slices = objects.filter((object) => object.kind === 'EndpointSlice');
  await Promise.all(slices.flatMap((slice) => addressesOf(slice).map((one) => waitFor(...one))));
}

function addressesOf({ endpoints, ports }: EndpointSlice): (readonly [string, number])[] {
  return endpoints
    .flatMap(({ addresses }) => addresses)
    .filter((address) => isIP(address) !== 0 && /^(127\.|::1$)/.test(address))
    .flatMap((address) => (ports ?? []).map(({ port }) => [address, port ?? 0] as const))
    .filter(([, port]) => port !== 0);
}

function isListening(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.setTimeout(RETRY_MS, () => socket.destroy());
    socket.once('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
