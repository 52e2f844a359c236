/**
 * A thousand routes at once: how long until the Gateway counts all of them, and how often each
 * object's status was written on the way.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { figure, type ScenarioFigures } from './figures.ts';
import { GATEWAY, RESOURCES, route } from './objects.ts';
import { createAll, type Site } from './site.ts';

const countedMsMax = 60_000;
const quietMs = 3_000;

export async function measureAttachment(site: Site, routes: number): Promise<ScenarioFigures> {
  const { client, namespace } = site;
  const { resourceVersion } = await client.list(RESOURCES.routes, { namespace, limit: 1 });
  const writes = new Map<string, number>();
  const watch = client.watch(RESOURCES.routes, { namespace, resourceVersion }, (event) => {
    if (event.kind !== 'modified') return;
    const { name } = event.object.metadata;
    writes.set(name, (writes.get(name) ?? 0) + 1);
  });
  const wanted = (await countAttached(site)) + routes;
  const names = Array.from({ length: routes }, (_, index) => `attached-${index}`);
  const startedAt = performance.now();
  await createAll(
    client,
    RESOURCES.routes,
    names.map((name) => route({ namespace, name, gateway: namespace })),
  );
  const createdAt = performance.now();
  while ((await countAttached(site)) !== wanted) {
    if (performance.now() - createdAt > countedMsMax) break;
    await delay(10);
  }
  const countedAt = performance.now();
  // Whatever is still to be written about them is written by then.
  await delay(quietMs);
  watch.stop();
  const counts = names.map((name) => writes.get(name) ?? 0);
  return {
    scenario: 'attached',
    title: `${routes} routes at once`,
    figures: [
      figure('all created after', (createdAt - startedAt) / 1000, 's'),
      figure('last create → attachedRoutes is right', countedAt - createdAt, 'ms', 1_000),
      figure('status writes of one route, at most', Math.max(...counts), '', 2),
      figure('routes without a status', counts.filter((count) => count === 0).length, '', 0),
    ],
    problems: [],
  };
}

async function countAttached({ client, namespace }: Site): Promise<number> {
  const gateway = await client.get(RESOURCES.gateways, { namespace, name: GATEWAY });
  const status = gateway['status'] as
    | { readonly listeners?: readonly { readonly attachedRoutes: number }[] }
    | undefined;
  return status?.listeners?.[0]?.attachedRoutes ?? 0;
}
