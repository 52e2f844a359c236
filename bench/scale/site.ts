/** A Gateway with a backend in a cluster: made, waited for, and taken away again. */

import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, type Client, type KubeObject, type Resource } from '@sluice/kube';
import {
  BACKEND,
  backend,
  GATEWAY,
  gateway,
  namespace,
  RESOURCES,
  route,
  service,
} from './objects.ts';
import { untilServed } from './probe.ts';

export interface Site {
  readonly client: Client;
  /** Of the Gateway. */
  readonly namespace: string;
  readonly address: string;
  /** Name of a route that is served from the start. */
  readonly steadyRoute: string;
}

const readyMsMax = 60_000;
const goneMsMax = 180_000;
const writesAtOnce = 8;

export async function openSite(client: Client, name: string, gatewayClass: string): Promise<Site> {
  await client.create(RESOURCES.namespaces, namespace(name));
  await client.create(RESOURCES.deployments, backend(name, BACKEND, 2));
  await client.create(RESOURCES.services, service(name, BACKEND));
  await client.create(RESOURCES.gateways, gateway(name, gatewayClass));
  const steadyRoute = `steady-${name}`;
  await client.create(
    RESOURCES.routes,
    route({ namespace: name, name: steadyRoute, gateway: name }),
  );
  const address = await untilProgrammed(client, name);
  await untilServed(address, `${steadyRoute}.example.com`, readyMsMax);
  return { client, namespace: name, address, steadyRoute };
}

/** What it owns and all of its routes go with the namespace; resolves when they are gone. */
export async function closeSite({ client, namespace: name }: Site): Promise<void> {
  await client.delete(RESOURCES.namespaces, { name });
  const startedAt = performance.now();
  // Thousands of deletes keep the API server busy: the next measurement begins after them.
  while (performance.now() - startedAt < goneMsMax) {
    const isGone = await client.get(RESOURCES.namespaces, { name }).then(
      () => false,
      (error: unknown) => error instanceof ApiError && error.code === 404,
    );
    if (isGone) return;
    await delay(250);
  }
  throw new Error(`namespace ${name} is still there ${goneMsMax / 1000} s after its deletion`);
}

/** Writes them, several at a time; resolves when all are written. */
export async function createAll(
  client: Client,
  resource: Resource,
  objects: Iterable<KubeObject>,
): Promise<void> {
  const waiting = objects[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      await client.create(resource, next.value);
    }
  };
  await Promise.all(Array.from({ length: writesAtOnce }, work));
}

async function untilProgrammed(client: Client, name: string): Promise<string> {
  const startedAt = performance.now();
  for (;;) {
    const object = await client.get(RESOURCES.gateways, { namespace: name, name: GATEWAY });
    const status = object['status'] as GatewayStatus | undefined;
    const programmed = status?.conditions?.find(({ type }) => type === 'Programmed');
    const address = status?.addresses?.[0]?.value;
    if (programmed?.status === 'True' && address !== undefined) return address;
    if (performance.now() - startedAt > readyMsMax) {
      throw new Error(`Gateway ${name}/${GATEWAY} is not programmed: ${JSON.stringify(status)}`);
    }
    await delay(50);
  }
}

interface GatewayStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly addresses?: readonly { readonly value: string }[];
}
