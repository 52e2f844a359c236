/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';
import { quickScenarios, type Scenario, scenarios } from './scenario.ts';

export interface Options {
  readonly scenarios: readonly Scenario[];
  /** Names to measure; undefined: all. */
  readonly peers: readonly string[] | undefined;
  readonly json: boolean;
  readonly install: boolean;
  readonly help: boolean;
  readonly bursts: number;
  readonly seconds: number;
  readonly warmSeconds: number;
  readonly connections: number;
}

export const usage = `npm run bench -- [options]

  --only NAME[,NAME]   these scenarios (default: all)
  --peers NAME[,NAME]  these of ours, nginx, nginxTuned, haproxy, envoy, limit (default: all)
  --bursts N           measured bursts of each proxy (default 5; median is reported)
  --seconds S          length of a burst (default 1)
  --connections C      connections of the load generator (default 32)
  --quick              fewer, shorter bursts of ${quickScenarios.length} scenarios: under a minute
  --json               one JSON document on standard output, nothing else there
  --install            first install missing peers (apt-get; a venv for Envoy)

Scenarios:
${scenarios.map(({ name, title }) => `  ${name.padEnd(15)} ${title}`).join('\n')}`;

/** Throws with a message for people when an option or a name is unknown. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      peers: { type: 'string' },
      bursts: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      install: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const quick = values.quick;
  const names =
    values.only?.split(',') ?? (quick ? quickScenarios : scenarios.map((it) => it.name));
  return {
    scenarios: names.map(scenarioNamed),
    peers: values.peers?.split(','),
    json: values.json,
    install: values.install,
    help: values.help,
    bursts: Math.trunc(positive('bursts', values.bursts ?? (quick ? '3' : '5'))),
    seconds: positive('seconds', values.seconds ?? (quick ? '0.4' : '1')),
    warmSeconds: quick ? 0.6 : 1,
    connections: Math.trunc(positive('connections', values.connections ?? '32')),
  };
}

function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw new Error(`unknown scenario ${name}; one of: ${scenarios.map((it) => it.name).join(', ')}`);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1000) return value;
  throw new Error(`--${name} must be a number from just above 0 to 1000, not ${text}`);
}
