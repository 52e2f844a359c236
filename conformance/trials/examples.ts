/**
 * The example for clusters, as a user takes it: applied, called, looked at and deleted by kubectl
 * and curl.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { KubeObject } from '@sluice/kube';
import { parse } from 'yaml';
import { type Awaited, until } from './patience.ts';
import { configMaps, gateways } from './resources.ts';
import type { Trial, TrialContext } from './trial.ts';
import { type GatewayStatus, gateway, httpListener, statusOf, untilProgrammed } from './world.ts';

export const examples: Trial = {
  name: 'examples',
  about: 'the example gets an address and answers; its status is right; deleting leaves nothing',
  async run(context) {
    const { kubectl, report } = context;
    const { tookMs: collectedMs } = await untilCollected(context);
    report(`the garbage collector knows Gateways after ${collectedMs} ms`);
    // Its manifests name their namespace.
    const example: TrialContext = { ...context, namespace: 'shop' };
    await kubectl(['apply', '-f', folder]);
    try {
      const { value: address, tookMs } = await untilProgrammed(example, gatewayName);
      report(`Programmed with address ${address} after ${tookMs} ms`);
      await answers(address, report);
      await checkStatus(example);
      await checkRoute(example);
      await deletesAll(example);
    } finally {
      await kubectl(['delete', 'namespace', example.namespace, '--wait=false']);
    }
  },
};

const run = promisify(execFile);
const folder = resolve(import.meta.dirname, '../../examples/cluster');
const gatewayName = 'edge';
const hostname = 'shop.example.com';
const collectedMsMax = 60_000;
const deletedMsMax = 10_000;

/**
 * Kubernetes looks for new kinds twice a minute, so in a young cluster it learns of deleted
 * Gateways as late as that. Shown by something that a Gateway of nobody's class owns.
 */
async function untilCollected({ client, namespace }: TrialContext): Promise<Awaited<true>> {
  const spec = { gatewayClassName: 'nobody', listeners: [httpListener] };
  const { apiVersion, kind } = gateway('');
  const owner = { apiVersion, kind, metadata: { namespace, name: 'owner' } };
  const { uid } = (await client.create(gateways, { ...owner, spec })).metadata;
  const ownerReferences = [{ apiVersion, kind, name: 'owner', uid }];
  const metadata = { namespace, name: 'owned', ownerReferences };
  await client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  await client.delete(gateways, owner.metadata);
  return until({ what: 'the owned ConfigMap is gone', withinMs: collectedMsMax }, async () => {
    const { items } = await client.list(configMaps, { namespace });
    return items.some(({ metadata: { name } }) => name === 'owned') ? undefined : true;
  });
}

async function answers(address: string, report: TrialContext['report']): Promise<void> {
  const url = `http://${address}/api/orders/7`;
  const args = ['-sS', '--fail', '-m', '5', '-H', `host: ${hostname}`, url];
  const patience = { what: `curl ${args.join(' ')}`, withinMs: 30_000 };
  const { value, tookMs } = await until(patience, async () => (await run('curl', args)).stdout);
  assert.match(value, /^shop-\S+: GET \/v2\/orders\/7\n$/);
  report(`curl is answered ${tookMs} ms later`);
}

/** Of the object as people look at it. */
async function checkStatus({ kubectl, namespace, report }: TrialContext): Promise<void> {
  const args = ['get', 'gateway', gatewayName, '-n', namespace, '-o', 'yaml'];
  const object = parse(await kubectl(args)) as KubeObject;
  const { generation } = object.metadata;
  const { conditions = [], listeners = [], addresses = [] } = statusOf(object);
  const seen = conditions.map(renderCondition).sort();
  holdsAll(seen, ['Accepted=True', 'Programmed=True']);
  assert.deepEqual([addresses.length, addresses[0]?.type], [1, 'IPAddress']);
  assert.deepEqual(
    listeners.map(({ name, attachedRoutes }) => ({ name, attachedRoutes })),
    [{ name: 'http', attachedRoutes: 1 }],
  );
  const ofListener = listeners.flatMap((listener) => listener.conditions);
  const said = ofListener.map(renderCondition).sort();
  holdsAll(said, ['Accepted=True', 'Programmed=True', 'ResolvedRefs=True']);
  for (const condition of [...conditions, ...ofListener]) {
    assert.equal(condition.observedGeneration, generation, renderCondition(condition));
  }
  report(`status: ${seen.join(' ')}; listener: ${said.join(' ')}`);
}

function holdsAll(said: readonly string[], wanted: readonly string[]): void {
  assert.deepEqual(
    said.filter((condition) => wanted.includes(condition)),
    wanted,
  );
  assert.ok(!said.some((condition) => condition.endsWith('Unknown')), said.join(' '));
}

function renderCondition({ type, status }: { readonly type: string; readonly status: string }) {
  return `${type}=${status}`;
}

interface RouteStatus {
  readonly parents?: readonly (Pick<GatewayStatus, 'conditions'> & {
    readonly controllerName: string;
  })[];
}

async function checkRoute({ kubectl, namespace }: TrialContext): Promise<void> {
  const text = await kubectl(['get', 'httproutes', '-n', namespace, '-o', 'json']);
  const { items } = JSON.parse(text) as { readonly items: readonly KubeObject[] };
  assert.equal(items.length, 1);
  for (const { status } of items) {
    const [parent] = (status as RouteStatus).parents ?? [];
    assert.equal(parent?.controllerName, 'sluice.dev/gateway-controller');
    const said = parent?.conditions?.map(renderCondition).sort();
    assert.deepEqual(said, ['Accepted=True', 'ResolvedRefs=True']);
  }
}

/** All that the Gateway owns, and what that owns, is gone soon after the Gateway. */
async function deletesAll(context: TrialContext): Promise<void> {
  const { kubectl, namespace, report } = context;
  const before = await listAll(context);
  const deleted = before.find(({ kind }) => kind === 'Gateway');
  const owned = findOwned(before, deleted?.metadata.uid ?? '');
  const kinds = [...new Set(owned.map(({ kind }) => kind))].sort();
  report(`it owns ${owned.length} objects: ${kinds.join(', ')}`);
  for (const kind of ['ConfigMap', 'Deployment', 'Pod', 'Role', 'Service', 'ServiceAccount']) {
    assert.ok(kinds.includes(kind), `no ${kind} is owned`);
  }
  const startedAt = performance.now();
  await kubectl(['delete', 'gateway', gatewayName, '-n', namespace]);
  const uids = new Set(owned.map(({ metadata }) => metadata.uid));
  await until({ what: 'all that it owned is gone', withinMs: deletedMsMax }, async () => {
    const left = (await listAll(context)).filter(({ metadata }) => uids.has(metadata.uid));
    if (left.length === 0) return true;
    throw new Error(left.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', '));
  });
  report(`all of it is gone ${Math.round(performance.now() - startedAt)} ms after the delete`);
  const others = (await listAll(context)).filter(({ kind }) => kind === 'Deployment');
  assert.equal(others.length, 1, 'what it did not own stays');
}

/** Everything in the namespace, of every kind that can be listed, but Events. */
async function listAll({ kubectl, namespace }: TrialContext): Promise<readonly KubeObject[]> {
  const kinds = await kubectl(['api-resources', '--namespaced', '--verbs=list', '-o', 'name']);
  const listed = kinds.split('\n').filter((kind) => kind !== '' && !kind.startsWith('events'));
  const args = ['get', listed.join(','), '-n', namespace, '-o', 'json'];
  return (JSON.parse(await kubectl(args)) as { readonly items: readonly KubeObject[] }).items;
}

interface Owner {
  readonly uid: string;
}

function findOwned(objects: readonly KubeObject[], owner: string): readonly KubeObject[] {
  const direct = objects.filter(({ metadata: { ownerReferences } }) =>
    ((ownerReferences ?? []) as readonly Owner[]).some(({ uid }) => uid === owner),
  );
  return direct.flatMap((object) => [object, ...findOwned(objects, object.metadata.uid ?? '')]);
}
