/**
 * The GatewayClass that the suite uses. The suite reads the features it lists once, at its start,
 * so it has to be accepted with them before.
 */
import type { Kubectl } from '../cluster/kubectl.ts';
import { until } from '../trials/patience.ts';

const waitMsMax = 60_000;
const pollMs = 500;

/** The features that the class lists. Throws, with what is wanting, when it is not accepted. */
export async function untilAccepted(kubectl: Kubectl, name: string): Promise<readonly string[]> {
  const patience = { what: `GatewayClass ${name} is accepted`, withinMs: waitMsMax, pollMs };
  const { value } = await until(patience, async () => {
    const text = await kubectl(['get', 'gatewayclass', name, '--output=json']);
    const { features, wanting } = readGatewayClass(JSON.parse(text) as GatewayClass);
    if (wanting !== undefined) throw new Error(wanting);
    return features;
  });
  return value;
}

export interface ClassAnswer {
  readonly features: readonly string[];
  /** Why the suite can't start yet. */
  readonly wanting: string | undefined;
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
