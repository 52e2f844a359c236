/** Every controller dies every five seconds, under load: nobody who calls a Gateway notices. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { controllerSelector, findContainers, killProgram, systemNamespace } from './containers.ts';
import { describeLoad, startLoad } from './load.ts';
import { until } from './patience.ts';
import type { Trial, TrialContext } from './trial.ts';
import { apply, backend, openSite, route, untilServed } from './world.ts';

export const controllerKill: Trial = {
  name: 'controller-kill',
  about: 'controllers killed every 5 s under 500 requests/s: no request fails',
  duration: { shortMs: 30_000, longMs: 300_000 },
  async run(context) {
    const { durationMs, report } = context;
    await apply(context, ...backend());
    const address = await openSite(context, 'steady', hostname);
    const before = await controllers(context);
    const load = startLoad({ address, host: hostname, path: '/steady' });
    const kills = await killUntil(durationMs, before);
    const result = await load.stop();
    report(`${kills} controllers killed`);
    report(describeLoad(result));
    assert.equal(result.failed, 0, result.failures.join('\n'));
    assert.ok(kills >= (durationMs / killEveryMs) * 0.8, `only ${kills} kills`);
    await recovers(context, address, before);
  },
};

const hostname = 'steady.example.com';
const killEveryMs = 5_000;
/** A Lease that was not given back has to end first. */
const recoveredMsMax = 60_000;

type Controllers = Awaited<ReturnType<typeof controllers>>;

function controllers({ client }: TrialContext) {
  return findContainers(client, systemNamespace, controllerSelector);
}

/** Kills all that run, each time; one that waits for its next start can't be killed. */
async function killUntil(durationMs: number, all: Controllers): Promise<number> {
  const endsAt = performance.now() + durationMs;
  let kills = 0;
  while (performance.now() < endsAt) {
    kills += all.filter(({ uid, name }) => killProgram(uid, name)).length;
    await delay(Math.min(killEveryMs, Math.max(0, endsAt - performance.now())));
  }
  return kills;
}

async function recovers(
  context: TrialContext,
  address: string,
  before: Controllers,
): Promise<void> {
  const ready = { what: 'all controllers are ready again', withinMs: recoveredMsMax };
  const { value: after, tookMs } = await until(ready, async () => {
    const now = await controllers(context);
    return now.every((container) => container.ready && container.pid) ? now : undefined;
  });
  assert.deepEqual(after.map(({ uid }) => uid).sort(), before.map(({ uid }) => uid).sort());
  const count = (all: Controllers): number => all.reduce((sum, { restarts }) => sum + restarts, 0);
  context.report(`restarted ${count(after) - count(before)} times; ready after ${tookMs} ms`);
  assert.ok(count(after) > count(before));
  const parents = [{ name: 'steady' }];
  await apply(context, route('late', { parents, hostname: 'late.example.com' }));
  const served = await untilServed(address, 'late.example.com', recoveredMsMax);
  context.report(`a new route is served ${served.tookMs} ms later`);
}
