/** The command line of `npm run check:server`. */
import { parseArgs } from 'node:util';
import type { Channel } from '../cluster/definitions.ts';

export interface Options {
  readonly help: boolean;
  readonly channels: readonly Channel[];
  readonly count: number;
  readonly seed: number;
  /** How many differences are printed in full. */
  readonly show: number;
}

export const usage = `npm run check:server -- [OPTIONS]

Draws objects of all kinds, right and wrong ones, and compares what \`sluice check\` says of each
with what a real API server says, one channel after the other. Exit code 1 when anything differs.

  --count N   how many objects; default: 5000
  --seed N    the first of as many consecutive seeds; default: 1
  --channel C standard or experimental; default: half of the objects on each
  --show N    differences that are printed in full; default: 10`;

/** Throws with a message for people. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      channel: { type: 'string' },
      count: { type: 'string', default: '5000' },
      seed: { type: 'string', default: '1' },
      show: { type: 'string', default: '10' },
    },
  });
  const { help } = values;
  const [count, seed, show] = (['count', 'seed', 'show'] as const).map((name) => {
    if (/^\d{1,9}$/.test(values[name])) return Number(values[name]);
    throw new Error(`--${name} ${values[name]}: give a whole number`);
  }) as [number, number, number];
  if (count === 0) throw new Error('--count 0: nothing would be compared');
  return { help, channels: readChannels(values.channel), count, seed, show };
}

function readChannels(name: string | undefined): readonly Channel[] {
  if (name === undefined) return ['standard', 'experimental'];
  if (name === 'standard' || name === 'experimental') return [name];
  throw new Error(`--channel ${name}: give standard or experimental`);
}
