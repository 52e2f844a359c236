/** The command line of the kubelet. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  readonly kubeconfig: string;
  readonly stateFolder: string;
  /** Static programs by the last part of the image's name. */
  readonly images: ReadonlyMap<string, string>;
  readonly nodeName: string;
  readonly bridge: string;
  readonly address: string;
  readonly apiService: { readonly host: string; readonly port: string };
}

export const usage = `node conformance/cluster/kubelet/main.ts --kubeconfig FILE --state FOLDER [options]

Runs the Pods of a cluster as processes, until SIGTERM or SIGINT. To be started as root, in the
network namespace that has the bridge; says "the kubelet is ready" on standard error.

  --kubeconfig FILE        an administrator's, with the API server's authority
  --state FOLDER           its own folder: roots and volumes of Pods are made in it
  --image NAME=FILE        a static program that stands for the images whose last path part is
                           NAME, as echo-basic=FILE; as often as needed. "sluice" is built in:
                           it stands for the command of this repository
  --node NAME              default: sluice-node
  --bridge NAME            default: br0; Pods get addresses of its /16, from .1.1 on
  --address ADDRESS        of the bridge, default: 10.244.0.1; the node's, and Pods' gateway
  --api-service HOST:PORT  default: 10.96.0.1:443; what Pods have in KUBERNETES_SERVICE_*

Pods without a node are bound to it. Pods are Ready when their readiness probes say so; those
without a probe when the ports that they declare are open, or after two seconds.`;

/** Throws with a message for people when an option is missing or wrong. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kubeconfig: { type: 'string' },
      state: { type: 'string' },
      image: { type: 'string', multiple: true, default: [] },
      node: { type: 'string', default: 'sluice-node' },
      bridge: { type: 'string', default: 'br0' },
      address: { type: 'string', default: '10.244.0.1' },
      'api-service': { type: 'string', default: '10.96.0.1:443' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { kubeconfig, state } = values;
  if (kubeconfig === undefined) throw new Error('--kubeconfig is missing');
  if (state === undefined) throw new Error('--state is missing');
  const service = values['api-service'];
  const [host, port] = cutAt(service, service.lastIndexOf(':'), '--api-service HOST:PORT');
  return {
    kubeconfig,
    stateFolder: resolve(state),
    images: new Map(values.image.map(readImage)),
    nodeName: values.node,
    bridge: values.bridge,
    address: values.address,
    apiService: { host: host.replace(/^\[|\]$/g, ''), port },
  };
}

function readImage(text: string): readonly [name: string, file: string] {
  return cutAt(text, text.indexOf('='), '--image NAME=FILE');
}

function cutAt(text: string, at: number, shown: string): readonly [string, string] {
  if (at <= 0 || at === text.length - 1) throw new Error(`${shown}: "${text}" is not of that form`);
  return [text.slice(0, at), text.slice(at + 1)];
}
