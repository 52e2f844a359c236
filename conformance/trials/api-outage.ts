/**
 * The API server stops answering, is killed, and comes back: traffic does not notice, a data plane
 * that dies meanwhile serves the last config that it knew, and soon after everything moves again.
 */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient, readKubeconfig } from '@sluice/kube';
import { callOutage } from '../cluster/outage.ts';
import { type AuditedRequest, readAudit } from './audit.ts';
import { dataPlaneSelector, findContainers, findProgram, killProgram } from './containers.ts';
import { describeLoad, startLoad } from './load.ts';
import { until } from './patience.ts';
import { httpRoutes } from './resources.ts';
import type { Trial, TrialContext } from './trial.ts';
import { apply, backend, openSite, route, untilServed } from './world.ts';

export const apiOutage: Trial = {
  name: 'api-outage',
  about: 'no API server: traffic goes on, data planes restart, and it converges when it is back',
  duration: { shortMs: 20_000, longMs: 180_000 },
  async run(context) {
    const { client, namespace, durationMs, report, cluster } = context;
    await apply(context, ...backend());
    const address = await openSite(context, 'steady', 'steady.example.com');
    const restarted = await openSite(context, 'restarted', 'restarted.example.com');
    const [victim] = await findContainers(client, namespace, dataPlaneSelector('restarted'));
    assert.ok(victim !== undefined);
    const load = startLoad({ address, host: 'steady.example.com', path: '/' });
    await delay(calmMs);
    const returnedAtMs = await withoutApiServer(async (kill) => {
      await restartsWithout(context, victim, restarted);
      await delay(durationMs / 2);
      await kill();
      await restartsWithout(context, victim, restarted);
      await delay(durationMs / 2);
    });
    report(`the API server was ready ${Date.now() - returnedAtMs} ms after its start`);
    await converges(context, address);

    await delay(calmMs);
    const result = await load.stop();
    report(describeLoad(result));
    assert.equal(result.failed, 0, result.failures.join('\n'));
    checkRequests(await readAudit(cluster.auditLog, returnedAtMs), report);
  },
};

const calmMs = 2_000;
const restartedMsMax = 15_000;
const convergedMsMax = 5_000;
/** Refused while the server reads its own rules, failed, expired, and the one that stays. */
const watchesMax = 20;

/** It hangs, is killed when the function says so, and is back; resolves with when it started. */
async function withoutApiServer(
  meanwhile: (kill: () => Promise<void>) => Promise<void>,
): Promise<number> {
  let startedAtMs = 0;
  await callOutage('pause');
  try {
    await meanwhile(() => callOutage('kill'));
  } finally {
    // Whatever went wrong: other trials want it. A second kill does nothing.
    await callOutage('kill');
    startedAtMs = Date.now();
    await callOutage('end');
  }
  return startedAtMs;
}

/** Kills the data plane: its next process can't ask anybody for its config. */
async function restartsWithout(
  { report }: TrialContext,
  { uid, name }: { readonly uid: string; readonly name: string },
  address: string,
): Promise<void> {
  const before = findProgram(uid, name);
  assert.ok(killProgram(uid, name), 'the data plane runs');
  const patience = { what: 'another process runs', withinMs: restartedMsMax };
  await until(patience, async () => {
    const now = findProgram(uid, name);
    return now === before ? undefined : now;
  });
  const served = await untilServed(address, 'restarted.example.com', restartedMsMax);
  report(`without an API server, a data plane serves ${served.tookMs} ms after its restart`);
}

/** A route that is made as soon as the server takes it is served soon after. */
async function converges(context: TrialContext, address: string): Promise<void> {
  const { cluster, namespace, report } = context;
  const hostname = 'late.example.com';
  const object = route('late', { parents: [{ name: 'steady' }], hostname });
  // The trial's own client may still wait for its next attempt.
  const client = createClient(await readKubeconfig({ path: cluster.kubeconfig }));
  try {
    const metadata = { namespace, name: 'late' };
    await client.create(httpRoutes, { ...object, metadata } as never);
  } finally {
    client.close();
  }
  const { tookMs } = await untilServed(address, hostname, convergedMsMax);
  report(`a route made right after the return is served after ${tookMs} ms`);
}

/** Of one kind no process lists more than once, and none asks again and again. */
function checkRequests(requests: readonly AuditedRequest[], report: TrialContext['report']): void {
  const lists = countByAsker(requests, 'list');
  const watches = countByAsker(requests, 'watch');
  const most = Math.max(...watches.values());
  report(
    `since the return: at most ${Math.max(0, ...lists.values())} LIST of a kind, ${most} watches`,
  );
  assert.ok(most > 0, 'the record shows no watch: it is not of this API server');
  const above = (counts: ReadonlyMap<string, number>, limit: number) =>
    [...counts].filter(([, count]) => count > limit);
  assert.deepEqual(above(lists, 1), []);
  assert.deepEqual(above(watches, watchesMax), []);
}

function countByAsker(
  requests: readonly AuditedRequest[],
  verb: string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const request of requests) {
    if (request.verb !== verb) continue;
    const asker = `${request.account} ${request.pod} ${request.resource}`;
    counts.set(asker, (counts.get(asker) ?? 0) + 1);
  }
  return counts;
}
