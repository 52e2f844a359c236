/** The command line of `npm run cluster`. */
import { parseArgs } from 'node:util';
import type { Channel } from './definitions.ts';

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'api-server'; readonly port: number; readonly channel: Channel };

export const usage = `npm run cluster -- COMMAND

  api-server    an API server and its store on a loopback address, with the Gateway API's
                definitions, until it is interrupted; no nodes, so nothing runs in it
                  --port N       default: any free port
                  --channel C    standard or experimental (default)

Examples
  npm run cluster -- api-server --channel standard
  kubectl --kubeconfig .cache/api-server/kubeconfig get crds`;

/** Throws with a message for people when a command or an option is unknown. */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '0' },
      channel: { type: 'string', default: 'experimental' },
      help: { type: 'boolean', default: false },
    },
  });
  const [name, ...others] = positionals;
  if (values.help || name === undefined || name === 'help') return { kind: 'help' };
  if (others.length > 0) throw new Error(`${others.join(' ')}: not understood; try --help`);
  if (name !== 'api-server') throw new Error(`${name}: no such command; try --help`);
  return { kind: name, port: readPort(values.port), channel: readChannel(values.channel) };
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`--port ${text}: give a number up to 65535`);
}

function readChannel(text: string): Channel {
  if (text === 'standard' || text === 'experimental') return text;
  throw new Error(`--channel ${text}: give standard or experimental`);
}
