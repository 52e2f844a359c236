/**
 * The GatewayClass that the suite uses. The suite reads the features it lists once, at its start,
 * so it has to be accepted with them before.
 */
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { networkCommand } from './network-command.ts';

export interface ClassQuery {
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly networkNamespace: string | undefined;
  readonly name: string;
}

const run = promisify(execFile);
const waitMsMax = 60_000;
const pollMs = 500;
const outputBytesMax = 4 * 1024 * 1024;

/** The features that the class lists. Throws, with what is wanting, when it is not accepted. */
export async function untilAccepted(query: ClassQuery): Promise<readonly string[]> {
  const deadline = performance.now() + waitMsMax;
  for (;;) {
    const answer = await ask(query);
    if (answer.wanting === undefined) return answer.features;
    if (performance.now() >= deadline) {
      throw new Error(`GatewayClass ${query.name} is not ready: ${answer.wanting}`);
    }
    await delay(pollMs);
  }
}

export interface ClassAnswer {
  readonly features: readonly string[];
  /** Why the suite can't start yet. */
  readonly wanting: string | undefined;
}

async function ask({
  kubectl,
  kubeconfig,
  networkNamespace,
  name,
}: ClassQuery): Promise<ClassAnswer> {
  const get = ['--kubeconfig', kubeconfig, 'get', 'gatewayclass', name, '-o', 'json'];
  const [program, args] = networkCommand(networkNamespace, kubectl, get);
  try {
    const { stdout } = await run(program, args, { maxBuffer: outputBytesMax });
    return readGatewayClass(JSON.parse(stdout) as GatewayClass);
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    return { features: [], wanting: (stderr ?? message).trim() };
  }
}

interface GatewayClass {
  readonly metadata: { readonly generation?: number };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly supportedFeatures?: readonly { readonly name: string }[];
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

export function readGatewayClass({ metadata, status }: GatewayClass): ClassAnswer {
  const features = (status?.supportedFeatures ?? []).map(({ name }) => name);
  const accepted = status?.conditions?.find(({ type }) => type === 'Accepted');
  return { features, wanting: wantingOf(accepted, metadata.generation, features) };
}

function wantingOf(
  accepted: Condition | undefined,
  generation: number | undefined,
  features: readonly string[],
): string | undefined {
  if (accepted === undefined) return 'no controller has set Accepted';
  if (accepted.status !== 'True') {
    const { status, reason = '', message = '' } = accepted;
    return `Accepted is ${status}: ${reason} ${message}`.trim();
  }
  if ((accepted.observedGeneration ?? 0) < (generation ?? 0)) return 'Accepted is out of date';
  if (features.length === 0) return 'it lists no supportedFeatures';
  return undefined;
}
