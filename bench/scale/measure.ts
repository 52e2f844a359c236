/**
 * The measuring half of the scale suite: runs where the cluster's addresses answer. Its arguments
 * are a kubeconfig, a GatewayClass, the cluster's process id and the options of the command.
 *
 * Exit code 1 when a goal was missed or something went wrong.
 */
import { createClient, readKubeconfig } from '@sluice/kube';
import { measureAttachment } from './attachment.ts';
import { measureChurn } from './churn.ts';
import { isMet, renderScenario, type ScenarioFigures } from './figures.ts';
import { readScaleOptions, type ScaleOptions, type ScaleScenario } from './options.ts';
import { measurePropagation } from './propagation.ts';
import { closeSite, openSite, type Site } from './site.ts';

const loadPerSecond = 500;

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const [kubeconfig = '', gatewayClass = '', cluster, ...args] = words;
  const options = readScaleOptions(args);
  const client = createClient(await readKubeconfig({ path: kubeconfig }));
  const results: ScenarioFigures[] = [];
  for (const scenario of options.scenarios) {
    const site = await openSite(client, `scale-${scenario}`, gatewayClass);
    try {
      const result = await measure(scenario, {
        site,
        options,
        gatewayClass,
        cluster: Number(cluster),
      });
      results.push(result);
      if (!options.json) console.log(renderScenario(result));
    } finally {
      await closeSite(site);
    }
  }
  if (options.json) console.log(JSON.stringify({ scenarios: results }));
  client.close();
  return results.every(isMet) ? 0 : 1;
}

interface Context {
  readonly site: Site;
  readonly options: ScaleOptions;
  readonly gatewayClass: string;
  readonly cluster: number;
}

function measure(
  scenario: ScaleScenario,
  { site, options, gatewayClass, cluster }: Context,
): Promise<ScenarioFigures> {
  const { routes, many, seconds } = options;
  switch (scenario) {
    case 'propagation':
      return measurePropagation(site, { scenario, routes, load: 0 });
    case 'loaded':
      return measurePropagation(site, {
        scenario,
        routes: Math.ceil(routes / 3),
        load: loadPerSecond,
      });
    case 'attached':
      return measureAttachment(site, Math.min(1_000, routes));
    case 'churn':
      return measureChurn(site, { routes: many, namespaces: 50, seconds, gatewayClass, cluster });
    default:
      return assertNever(scenario);
  }
}

function assertNever(scenario: never): never {
  throw new Error(`not a scenario: ${String(scenario)}`);
}
