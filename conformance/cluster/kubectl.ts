/** kubectl as a function: where the cluster can be reached, with its access. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { networkCommand } from './network-command.ts';

export interface KubectlOptions {
  readonly program: string;
  readonly kubeconfig: string;
  /** As `/proc/PID/ns/net`; here when undefined. */
  readonly networkNamespace: string | undefined;
}

/** What it prints. Rejects with what it complains about. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

const run = promisify(execFile);
const outputBytesMax = 64 * 1024 * 1024;

export function createKubectl({ program, kubeconfig, networkNamespace }: KubectlOptions): Kubectl {
  return async (args, input = '') => {
    const all = [`--kubeconfig=${kubeconfig}`, ...args];
    const [command, commandArgs] = networkCommand(networkNamespace, program, all);
    const running = run(command, commandArgs, { maxBuffer: outputBytesMax });
    // One that refuses its arguments leaves the input unread; its exit tells why.
    running.child.stdin?.on('error', () => undefined).end(input);
    try {
      return (await running).stdout;
    } catch (error) {
      const { stderr, message } = error as Error & { readonly stderr?: string };
      throw new Error(stderr?.trim() || message, { cause: error });
    }
  };
}
