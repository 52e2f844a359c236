/** The command line of `npm run trials`. */
import { parseArgs } from 'node:util';
import type { Trial } from './trial.ts';

export interface Options {
  /** In the order in which they run. */
  readonly names: readonly string[];
  /** As in continuous integration: none takes more than two minutes. */
  readonly isShort: boolean;
  /** Instead of a trial's own duration. */
  readonly minutes?: number;
}

const minutesMax = 600;

export function renderUsage(trials: readonly Trial[]): string {
  return `npm run trials -- NAME... [options]      (root, Linux)

  --short       for those that take minutes: half a minute instead
  --minutes N   how long those put things under load

"all" runs each of them:
${trials.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join('\n')}

They use the cluster that is up, or start one and stop it afterwards. Sluice is installed in it by
deploy/kustomize, as users install it.`;
}

/** Throws with a message for people. */
export function readOptions(args: readonly string[], trials: readonly Trial[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || positionals.length === 0) return 'help';
  const known = trials.map(({ name }) => name);
  const names = positionals.flatMap((name) => (name === 'all' ? known : [name]));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`${unknown}: no such trial; try --help`);
  const { minutes, short: isShort } = values;
  if (minutes === undefined) return { names, isShort };
  if (isShort) throw new Error('--short and --minutes exclude each other');
  return { names, isShort, minutes: readMinutes(minutes) };
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (minutes > 0 && minutes <= minutesMax) return minutes;
  throw new Error(`--minutes ${text}: give a number up to ${minutesMax}`);
}
