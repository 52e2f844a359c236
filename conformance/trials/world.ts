/** The small world of a trial: a backend, Gateways and routes, and the wait until they serve. */
import type { KubeObject } from '@sluice/kube';
import type { KeyPair } from '@sluice/pki';
import { type Awaited, until } from './patience.ts';
import { ask } from './request.ts';
import { gateways } from './resources.ts';
import type { TrialContext } from './trial.ts';

export const className = 'sluice';
export const backendName = 'echo';
export const backendPort = 8080;

const containerPort = 3000;
const programmedMsMax = 60_000;
const servedMsMax = 30_000;

/** Applies the objects in the trial's namespace. */
export async function apply(context: TrialContext, ...objects: readonly object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  await context.kubectl(['apply', '-n', context.namespace, '-f', '-'], JSON.stringify(list));
}

/** The suite's backend, as a Deployment and a Service of that name. */
export function backend(name = backendName): readonly object[] {
  const labels = { app: name };
  const ports = [{ containerPort }];
  const containers = [{ name: 'echo', image: 'trials/echo-basic', ports }];
  const template = { metadata: { labels }, spec: { containers } };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: labels, ports: [{ port: backendPort, targetPort: containerPort }] },
    },
  ];
}

/** ListenerSets of its namespace may add listeners to it. */
export function gateway(name: string, listeners: readonly object[] = [httpListener]) {
  const allowedListeners = { namespaces: { from: 'Same' } };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name },
    spec: { gatewayClassName: className, listeners, allowedListeners },
  };
}

export const httpListener = { name: 'http', port: 80, protocol: 'HTTP' };

/** With the certificate in the Secret of this name. */
export function httpsListener(secret: string, hostname: string): object {
  const tls = { certificateRefs: [{ kind: 'Secret', name: secret }] };
  return { name: 'https', port: 443, protocol: 'HTTPS', hostname, tls };
}

export function tlsSecret(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { certificatePem, privateKeyPem }: KeyPair,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': certificatePem, 'tls.key': privateKeyPem },
  };
}

export interface RouteOptions {
  readonly parents: readonly object[];
  readonly hostname: string;
  readonly service?: string;
}

export function route(name: string, { parents, hostname, service }: RouteOptions): object {
  const backendRefs = [{ name: service ?? backendName, port: backendPort }];
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name },
    spec: { parentRefs: parents, hostnames: [hostname], rules: [{ backendRefs }] },
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly observedGeneration?: number;
}

export interface GatewayStatus {
  readonly addresses?: readonly { readonly type?: string; readonly value: string }[];
  readonly conditions?: readonly Condition[];
  readonly listeners?: readonly {
    readonly name: string;
    readonly attachedRoutes: number;
    readonly conditions: readonly Condition[];
  }[];
}

export function statusOf(object: KubeObject): GatewayStatus {
  return object['status'] ?? {};
}

/** Resolves with its address once its status says Programmed for what its spec says now. */
export async function untilProgrammed(
  { client, namespace }: TrialContext,
  name: string,
): Promise<Awaited<string>> {
  const patience = { what: `Gateway ${name} is Programmed`, withinMs: programmedMsMax };
  return until(patience, async () => {
    const object = await client.get(gateways, { namespace, name });
    const { addresses = [], conditions = [] } = statusOf(object);
    const isProgrammed = conditions.some(
      ({ type, status, observedGeneration }) =>
        type === 'Programmed' &&
        status === 'True' &&
        observedGeneration === object.metadata.generation,
    );
    const said = conditions.map(({ type, status }) => `${type}=${status}`).join(' ');
    if (!isProgrammed) throw new Error(`conditions: ${said || 'none'}`);
    return addresses[0]?.value;
  });
}

/** Resolves once the address answers 200 for the host. */
export async function untilServed(
  address: string,
  host: string,
  withinMs = servedMsMax,
): Promise<Awaited<string>> {
  const patience = { what: `${host} is served at ${address}`, withinMs, pollMs: 10 };
  return until(patience, async () => {
    const { status, body } = await ask({ address, host });
    if (status !== 200) throw new Error(`status ${status}`);
    return body;
  });
}

/**
 * A Gateway and a route to the backend, serving; resolves with the Gateway's address. It may have
 * other listeners than the one for HTTP.
 */
export async function openSite(
  context: TrialContext,
  name: string,
  hostname: string,
  ...others: readonly object[]
): Promise<string> {
  const listeners = [httpListener, ...others];
  await apply(context, gateway(name, listeners), route(name, { parents: [{ name }], hostname }));
  const { value: address, tookMs } = await untilProgrammed(context, name);
  await untilServed(address, hostname);
  context.report(`Gateway ${name} is Programmed with ${address} ${tookMs} ms after its creation`);
  return address;
}
