/** `npm run check:server`: the verdicts of `sluice check` beside those of a real API server. */
import { resolve } from 'node:path';
import { type ClusterAccess, createClient, readKubeconfig } from '@sluice/kube';
import { startControlPlane } from '../cluster/control-plane.ts';
import { type Channel, installDefinitions } from '../cluster/definitions.ts';
import { compareVerdicts } from './comparison.ts';
import { drawObject } from './object-draw.ts';
import { type Options, readOptions, usage } from './options.ts';
import { openJudge } from './server-verdict.ts';
import { type Compared, renderDifference, renderSummary } from './summary.ts';

/** More would only wait: the server has the same processors. */
const requestsAtOnce = 8;

const directory = resolve(import.meta.dirname, '../../.cache/verdicts');

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(usage);
  else await compareChannels(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function compareChannels({ channels, count, seed, show }: Options): Promise<void> {
  const share = Math.ceil(count / channels.length);
  const results: Compared[] = [];
  let durationMs = 0;
  for (const [index, channel] of channels.entries()) {
    const first = seed + index * share;
    const length = Math.min(share, count - index * share);
    const run = await compareOn(
      channel,
      Array.from({ length }, (_, at) => first + at),
    );
    results.push(...run.results);
    durationMs += run.durationMs;
  }
  const different = results.filter(({ comparison }) => comparison.differences.length > 0);
  for (const result of different.slice(0, show)) console.log(renderDifference(result));
  console.log(renderSummary(results, durationMs));
  if (different.length > 0) process.exitCode = 1;
}

interface Run {
  readonly results: readonly Compared[];
  /** Without the start of the server. */
  readonly durationMs: number;
}

async function compareOn(channel: Channel, seeds: readonly number[]): Promise<Run> {
  const report = (line: string): void => console.error(line);
  const server = await startControlPlane({ directory, address: '127.0.0.1', report });
  try {
    await installDefinitions(server.kubeconfig, channel);
    const access = await readKubeconfig({ path: server.kubeconfig });
    await createServiceAccount(access);
    const startedAt = performance.now();
    const results = await compareSeeds(seeds, channel, access);
    return { results, durationMs: performance.now() - startedAt };
  } finally {
    await server.stop();
  }
}

/** Without it no Pod is admitted; where controllers run, one of them makes it. */
async function createServiceAccount(access: ClusterAccess): Promise<void> {
  const client = createClient(access);
  const metadata = { name: 'default', namespace: 'default' };
  const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata };
  try {
    await client.request('POST', '/api/v1/namespaces/default/serviceaccounts', object);
  } finally {
    client.close();
  }
}

async function compareSeeds(
  seeds: readonly number[],
  channel: Channel,
  access: ClusterAccess,
): Promise<Compared[]> {
  const waiting = seeds.values();
  const results: Compared[] = [];
  const work = async (): Promise<void> => {
    const judge = openJudge(access);
    try {
      // The iterator is shared: each seed is taken once.
      for (const seed of waiting) {
        const drawn = drawObject(seed, channel);
        const comparison = compareVerdicts(drawn, await judge.judge(drawn));
        results.push({ seed, drawn, comparison });
      }
    } finally {
      judge.close();
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, work));
  return results;
}
