/**
 * Two controllers: one of them writes, as the API server's own record tells; when it is gone, the
 * other does.
 */
import assert from 'node:assert/strict';
import { type AuditedRequest, isWrite, readAudit } from './audit.ts';
import {
  type Container,
  controllerSelector,
  findContainers,
  killProgram,
  systemNamespace,
} from './containers.ts';
import { until } from './patience.ts';
import { ask } from './request.ts';
import type { Trial, TrialContext } from './trial.ts';
import { apply, backend, openSite, route, untilServed } from './world.ts';

export const twoReplicas: Trial = {
  name: 'two-replicas',
  about: 'of two controllers exactly one writes, also when the one that did dies or is deleted',
  async run(context) {
    const { cluster, kubectl, report } = context;
    await apply(context, ...backend());
    const leader = await untilOneLeads(context);
    const startedAtMs = Date.now();
    const address = await openSite(context, 'shared', 'shared.example.com');
    await changeRoutes(context, address, 'first');
    const first = await writesSince(cluster.auditLog, startedAtMs);
    report(`${first.length} writes, ${describeWriters(first)}`);
    assert.deepEqual(writersOf(first), [leader.pod]);

    killProgram(leader.uid, leader.name);
    const killed = await changeRoutes(context, address, 'second');
    report(`after a kill the first change is live in ${killed.tookMs} ms`);
    await kubectl(['delete', 'pod', leader.pod, '-n', systemNamespace, '--wait=false']);
    const deleted = await changeRoutes(context, address, 'third');
    report(`after its Pod is deleted the first change is live in ${deleted.tookMs} ms`);

    const writes = await writesSince(cluster.auditLog, startedAtMs);
    const writers = writersOf(writes);
    report(describeWriters(writes));
    assert.equal(new Set(writers).size, writers.length, 'one that has stopped never writes again');
    assert.notEqual(writers.at(-1), leader.pod);
    await untilOneLeads(context);
  },
};

const controllerAccount = `${systemNamespace}:sluice-controller`;
const adminPort = 9901;
const changes = 10;
/** A Lease that was not given back ends after 15 s. */
const leadMsMax = 60_000;

/** By their own metrics. */
async function untilOneLeads({ client }: TrialContext): Promise<Container> {
  const patience = { what: 'one of two controllers leads', withinMs: leadMsMax };
  const { value } = await until(patience, async () => {
    const all = await findContainers(client, systemNamespace, controllerSelector);
    const leading = await Promise.all(all.map(leads));
    if (all.length !== 2 || leading.filter(Boolean).length !== 1) {
      throw new Error(`${leading.filter(Boolean).length} of ${all.length} lead`);
    }
    return all.find((_, index) => leading[index]);
  });
  return value;
}

async function leads({ address }: Container): Promise<boolean> {
  const { body } = await ask({ address, port: adminPort, path: '/metrics' });
  return /^sluice_controller_leader 1$/m.test(body);
}

/** Each waited for; resolves with how long the first one took. */
async function changeRoutes(context: TrialContext, address: string, prefix: string) {
  const took: number[] = [];
  for (let index = 0; index < changes; index += 1) {
    const name = `${prefix}-${index}`;
    const hostname = `${name}.example.com`;
    await apply(context, route(name, { parents: [{ name: 'shared' }], hostname }));
    took.push((await untilServed(address, hostname, leadMsMax)).tookMs);
  }
  return { tookMs: took[0] ?? 0 };
}

/** The controllers', without the Lease: both have to write that one. */
async function writesSince(path: string, sinceMs: number): Promise<readonly AuditedRequest[]> {
  const requests = await readAudit(path, sinceMs);
  return requests
    .filter(isWrite)
    .filter(({ account, resource }) => account === controllerAccount && resource !== 'leases');
}

/** In the order in which they wrote: one that comes again is there again. */
function writersOf(writes: readonly AuditedRequest[]): readonly string[] {
  const pods = writes.map(({ pod }) => pod);
  return pods.filter((pod, index) => pod !== pods[index - 1]);
}

function describeWriters(writes: readonly AuditedRequest[]): string {
  const counts = writersOf(writes).map((pod) => {
    return `${pod} (${writes.filter((write) => write.pod === pod).length})`;
  });
  return `writers in their order: ${counts.join(', ')}`;
}
