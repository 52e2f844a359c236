/** The command line of `npm run cluster`. */
import { parseArgs } from 'node:util';
import type { Channel } from './definitions.ts';

export type Command =
  | { readonly kind: 'help' | 'down' | 'status' | 'kubeconfig' }
  | { readonly kind: 'up'; readonly channel: Channel }
  | { readonly kind: 'exec'; readonly program: string; readonly args: readonly string[] }
  | { readonly kind: 'api-server'; readonly port: number; readonly channel: Channel };

export const usage = `npm run cluster -- COMMAND

  up            starts a cluster in the background and returns when it is ready (root, Linux)
                  --channel C    standard or experimental (default)
  exec -- ...   runs a program where the cluster's addresses answer, with kubectl and $KUBECONFIG
  status        what is up, and its Pods
  kubeconfig    prints the path of its kubeconfig
  down          stops it; nothing is kept but the logs in .cache/cluster

  api-server    instead of all this, an API server and its store on a loopback address until it is
                interrupted; it has no nodes, so nothing runs in it; any user, no root
                  --port N       default: any free port
                  --channel C    standard or experimental (default)

Images in the cluster are programs of this machine: */echo-basic is the suite's backend, */sluice
is built from these sources. Nothing else can run in it.

Examples
  npm run cluster -- up
  npm run cluster -- exec -- kubectl apply -k deploy/kustomize
  npm run cluster -- exec -- curl -s http://10.97.0.1
  npm run cluster -- exec -- bash
  npm run cluster -- down`;

const optionsOf = {
  up: ['channel'],
  'api-server': ['channel', 'port'],
  down: [],
  status: [],
  kubeconfig: [],
} as const;

/** Throws with a message for people when a command or an option is unknown. */
export function readCommand(args: readonly string[]): Command {
  if (args[0] === 'exec') return readExec(args.slice(1));
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { port: { type: 'string' }, channel: { type: 'string' }, help: { type: 'boolean' } },
  });
  const [name, ...others] = positionals;
  if (values.help === true || name === undefined || name === 'help') return { kind: 'help' };
  if (others.length > 0) throw new Error(`${others.join(' ')}: not understood; try --help`);
  if (!isCommand(name)) throw new Error(`${name}: no such command; try --help`);
  const taken: readonly string[] = optionsOf[name];
  const unknown = Object.keys(values).find((option) => !taken.includes(option));
  if (unknown !== undefined) throw new Error(`${name} takes no --${unknown}; try --help`);
  const { port = '0', channel = 'experimental' } = values;
  if (name === 'up') return { kind: name, channel: readChannel(channel) };
  if (name !== 'api-server') return { kind: name };
  return { kind: name, port: readPort(port), channel: readChannel(channel) };
}

/** What follows `exec` belongs to the program, also what looks like options of ours. */
function readExec(args: readonly string[]): Command {
  const [program, ...others] = args[0] === '--' ? args.slice(1) : args;
  if (program === undefined) throw new Error('exec: name a program, as: exec -- kubectl get pods');
  return { kind: 'exec', program, args: others };
}

function isCommand(name: string): name is keyof typeof optionsOf {
  return Object.hasOwn(optionsOf, name);
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`--port ${text}: give a number up to 65535`);
}

export function readChannel(text: string): Channel {
  if (text === 'standard' || text === 'experimental') return text;
  throw new Error(`--channel ${text}: give standard or experimental`);
}
