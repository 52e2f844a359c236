/** The command line of `npm run conformance`. */
import { parseArgs } from 'node:util';
import type { Channel } from '../cluster/definitions.ts';
import { readChannel } from '../cluster/options.ts';
import { allProfiles, profileNamed } from './profiles.ts';

export interface Options {
  /** Names as the suite knows them, `GATEWAY-HTTP`; those that the class serves when undefined. */
  readonly profiles: readonly string[] | undefined;
  /** One official test instead of all; the suite then looks at no features. */
  readonly test: string | undefined;
  readonly target: Target;
  readonly gatewayClass: string;
  readonly publish: boolean;
}

export type Target = OwnCluster | NamedCluster;

export interface OwnCluster {
  readonly kind: 'own';
  readonly channel: Channel;
  /** Whether it stays up after the run. */
  readonly isKept: boolean;
}

export interface NamedCluster {
  readonly kind: 'named';
  readonly kubeconfig: string;
  /** Where the cluster's addresses can be reached, as `/proc/PID/ns/net`; here when undefined. */
  readonly networkNamespace: string | undefined;
}

export const usage = `npm run conformance -- [options]

Builds what is missing, starts a cluster on this machine, installs Sluice with its manifests, runs
the official suite and stops everything.

  --profile NAME[,NAME]   of ${allProfiles.join(', ')} (default: those of the
                          kinds of routes that the class serves)
  --run NAME              one test, as HTTPRouteSimpleSameNamespace
  --channel CHANNEL       of the Gateway API: standard or experimental (default)
  --keep                  leave the cluster up: npm run cluster -- --help
  --gateway-class NAME    default: gateway-conformance
  --publish               also write report and results to conformance/reports

Against another cluster, in which are Sluice, the CRDs, and the class, accepted with its features:
  --kubeconfig FILE       its access
  --network-namespace F   from where it is reached, as /proc/PID/ns/net (default: here)

Log, results and report of each run are in .cache/conformance.`;

const options = {
  profile: { type: 'string', multiple: true },
  run: { type: 'string' },
  channel: { type: 'string' },
  keep: { type: 'boolean' },
  kubeconfig: { type: 'string' },
  'network-namespace': { type: 'string' },
  'gateway-class': { type: 'string', default: 'gateway-conformance' },
  publish: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** Throws with a message for people when an option or a profile is unknown. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) return 'help';
  if (values.publish && values.run !== undefined) {
    throw new Error('--publish wants all tests of a profile: leave out --run');
  }
  return {
    profiles: values.profile?.flatMap((text) => text.split(',')).map(profileNamed),
    test: values.run,
    target: readTarget(values),
    gatewayClass: values['gateway-class'],
    publish: values.publish,
  };
}

function readTarget(values: Values): Target {
  const { kubeconfig, 'network-namespace': networkNamespace, channel, keep } = values;
  if (kubeconfig === undefined) {
    if (networkNamespace !== undefined) throw new Error('--network-namespace wants --kubeconfig');
    return {
      kind: 'own',
      channel: readChannel(channel ?? 'experimental'),
      isKept: keep ?? false,
    };
  }
  if (channel !== undefined || keep !== undefined) {
    throw new Error('--channel and --keep are for a cluster of its own: leave out --kubeconfig');
  }
  return { kind: 'named', kubeconfig, networkNamespace };
}
