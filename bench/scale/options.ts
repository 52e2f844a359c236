/** The command line of `npm run bench -- scale`. */
import { parseArgs } from 'node:util';

const scenarioNames = ['propagation', 'loaded', 'attached', 'churn'] as const;

export type ScaleScenario = (typeof scenarioNames)[number];

export interface ScaleOptions {
  readonly help: boolean;
  readonly json: boolean;
  readonly scenarios: readonly ScaleScenario[];
  /** Of `propagation` and `loaded`. */
  readonly routes: number;
  /** Of `churn`. */
  readonly many: number;
  readonly seconds: number;
}

export const usage = `npm run bench -- scale [options]

What a change costs in a cluster: a real API server, the controller as it is shipped, data planes
as it starts them. Uses the cluster that is up (npm run cluster -- up), or starts one for itself.
Linux, root, and what npm run cluster needs.

  --only NAME[,NAME]  of ${scenarioNames.join(', ')} (default: all)
  --routes N          routes of propagation and loaded (default 3000 and a third of it)
  --many N            routes of churn (default 5000)
  --seconds S         length of churn (default 60)
  --json              one JSON document on standard output, nothing else there`;

/** Throws with a message for people when an option or a name is unknown. */
export function readScaleOptions(args: readonly string[]): ScaleOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      routes: { type: 'string', default: '3000' },
      many: { type: 'string', default: '5000' },
      seconds: { type: 'string', default: '60' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    help: values.help,
    json: values.json,
    scenarios: values.only?.split(',').map(scenarioNamed) ?? scenarioNames,
    routes: countOf('routes', values.routes),
    many: countOf('many', values.many),
    seconds: countOf('seconds', values.seconds),
  };
}

function scenarioNamed(name: string): ScaleScenario {
  const found = scenarioNames.find((each) => each === name);
  if (found !== undefined) return found;
  throw new Error(`unknown scenario ${name}; one of: ${scenarioNames.join(', ')}`);
}

function countOf(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 100_000) return value;
  throw new Error(`--${name} must be a whole number from 1 to 100000, not ${text}`);
}
