/** The command line of `npm run conformance`. */
import { parseArgs } from 'node:util';

export interface Options {
  /** Names as the suite knows them: `GATEWAY-HTTP`. */
  readonly profiles: readonly string[];
  /** One official test instead of all; the suite then looks at no features. */
  readonly test: string | undefined;
  readonly kubeconfig: string;
  /** Where the cluster's addresses can be reached, as `/proc/PID/ns/net`; here when undefined. */
  readonly networkNamespace: string | undefined;
  readonly gatewayClass: string;
  readonly publish: boolean;
}

export const allProfiles = ['http', 'grpc', 'tls', 'tcp', 'udp'] as const;

export const usage = `npm run conformance -- --kubeconfig FILE [options]

  --kubeconfig FILE       the cluster to run against; Sluice and the CRDs are installed there
  --profile NAME[,NAME]   of ${allProfiles.join(', ')} (default: all)
  --run NAME              one test, as HTTPRouteSimpleSameNamespace
  --gateway-class NAME    default: gateway-conformance; must be accepted and list its features
  --network-namespace F   from where the cluster is reached, as /proc/PID/ns/net (default: here)
  --publish               also write report and results to conformance/reports

Log, results and report of each run are in .cache/conformance.`;

/** Throws with a message for people when an option or a profile is unknown. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      profile: { type: 'string', multiple: true },
      run: { type: 'string' },
      kubeconfig: { type: 'string' },
      'network-namespace': { type: 'string' },
      'gateway-class': { type: 'string', default: 'gateway-conformance' },
      publish: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.kubeconfig === undefined) throw new Error('--kubeconfig is missing');
  if (values.publish && values.run !== undefined) {
    throw new Error('--publish wants all tests of a profile: leave out --run');
  }
  const names = values.profile?.flatMap((text) => text.split(',')) ?? allProfiles;
  return {
    profiles: names.map(profileNamed),
    test: values.run,
    kubeconfig: values.kubeconfig,
    networkNamespace: values['network-namespace'],
    gatewayClass: values['gateway-class'],
    publish: values.publish,
  };
}

function profileNamed(name: string): string {
  const short = name.toLowerCase().replace(/^gateway-/, '');
  if (allProfiles.some((profile) => profile === short)) return `GATEWAY-${short.toUpperCase()}`;
  throw new Error(`unknown profile ${name}; one of: ${allProfiles.join(', ')}`);
}
