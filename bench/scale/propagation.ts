/**
 * From a created HTTPRoute to its first answer: one route after another, each asked for until it
 * is served. Before that only 404 may be answered. Alone, or beside steady traffic that must not
 * notice.
 */
import { startLoad } from '../../conformance/trials/load.ts';
import { figure, type ScenarioFigures, spread } from './figures.ts';
import { hostOf, RESOURCES, route } from './objects.ts';
import { untilServed } from './probe.ts';
import type { Site } from './site.ts';

const goals = { p50: 10, p99: 50 };

export interface PropagationOptions {
  readonly scenario: string;
  readonly routes: number;
  /** Requests a second beside it; 0: none. */
  readonly load: number;
}

export async function measurePropagation(
  site: Site,
  { scenario, routes, load }: PropagationOptions,
): Promise<ScenarioFigures> {
  const { client, namespace, address, steadyRoute } = site;
  const target = { address, host: hostOf(steadyRoute), path: '/' };
  const traffic = load > 0 ? startLoad({ ...target, perSecond: load, allKept: true }) : undefined;
  const writesMs: number[] = [];
  const livesMs: number[] = [];
  const wholesMs: number[] = [];
  const wrong: string[] = [];
  for (let index = 0; index < routes; index += 1) {
    const name = `${scenario}-${index}`;
    const startedAt = performance.now();
    await client.create(RESOURCES.routes, route({ namespace, name, gateway: namespace }));
    const writeMs = performance.now() - startedAt;
    const seen = await untilServed(address, hostOf(name));
    writesMs.push(writeMs);
    livesMs.push(seen.tookMs);
    wholesMs.push(writeMs + seen.tookMs);
    wrong.push(...seen.wrong);
  }
  const figures = [
    ...spread('created → served', livesMs, goals),
    ...spread('asked to create → served', wholesMs),
    ...spread('the API server’s own part', writesMs),
    figure('answers that were neither 404 nor 200', wrong.length, '', 0),
  ];
  const problems = [...new Set(wrong)];
  const beside = load > 0 ? `, beside ${load} requests/s` : '';
  const title = `${routes} routes, one after another${beside}`;
  if (traffic === undefined) return { scenario, title, figures, problems };
  const { sent, failed, failures, tookMs } = await traffic.stop();
  return {
    scenario,
    title,
    figures: [
      ...figures,
      figure('requests beside it', sent, ''),
      figure('of them failed', failed, '', 0),
      ...spread('latency of a request beside it', tookMs),
    ],
    problems: [...problems, ...failures],
  };
}
