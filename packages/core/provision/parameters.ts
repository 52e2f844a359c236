/**
 * Parameters of a Gateway's infrastructure: a ConfigMap in its namespace that
 * `spec.infrastructure.parametersRef` names (GEP-1867).
 *
 * What may be set is little, and none of it loosens anything: image, service account, security
 * context and networking of the Pods are not a tenant's to choose.
 */
import { type Gateway, isLabelValue, isQualifiedName } from '@sluice/spec';
import type { Problem } from '../graph/problem.ts';
import type { World } from '../graph/world.ts';
import { SPEC } from '../marks.ts';
import { namespaceOf } from '../objects.ts';
import { CONDITION, GATEWAY_REASON } from '../reasons.ts';
import { type Quantity, readQuantity } from './quantity.ts';

export interface Parameters {
  /** Absent: one, or what a HorizontalPodAutoscaler or `kubectl scale` says. */
  readonly replicas?: number;
  readonly serviceType: ServiceType;
  readonly resources: Resources;
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

export type ServiceType = 'LoadBalancer' | 'NodePort' | 'ClusterIP';

export interface Resources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

const DEFAULT_PARAMETERS: Parameters = {
  serviceType: 'LoadBalancer',
  resources: { requests: { cpu: '100m', memory: '128Mi' } },
};

const SERVICE_TYPES: readonly string[] = ['LoadBalancer', 'NodePort', 'ClusterIP'];
const REPLICAS_MAX = 1_000;

export interface ParametersResult {
  readonly parameters: Parameters;
  readonly problems: readonly Problem[];
}

export function resolveParameters(world: World, gateway: Gateway): ParametersResult {
  const ref = gateway.spec.infrastructure?.parametersRef;
  if (ref === undefined) return { parameters: DEFAULT_PARAMETERS, problems: [] };
  if (ref.group !== '' || ref.kind !== 'ConfigMap') {
    const kind = ref.group === '' ? ref.kind : `${ref.group}/${ref.kind}`;
    return refuse(`${kind} ${ref.name} is not a kind of parameters; refer to a ConfigMap.`);
  }
  const key = `${namespaceOf(gateway)}/${ref.name}`;
  const found = world.configMaps.get(key);
  if (found === undefined) return refuse(`ConfigMap ${key} does not exist.`);
  const { parameters, faults } = readParameters(found.data ?? {});
  if (faults.length === 0) return { parameters, problems: [] };
  return refuse(...faults.map((fault) => `ConfigMap ${key}: ${fault}`));
}

function refuse(...messages: readonly string[]): ParametersResult {
  const problems = messages.map((message) => ({
    condition: CONDITION.accepted,
    reason: GATEWAY_REASON.invalidParameters,
    message,
    field: 'spec.infrastructure.parametersRef',
    spec: SPEC.infrastructure,
  }));
  return { parameters: DEFAULT_PARAMETERS, problems };
}

interface Draft {
  replicas?: number;
  serviceType?: ServiceType;
  readonly requests: Map<string, Quantity>;
  readonly limits: Map<string, Quantity>;
  nodeSelector?: Record<string, string>;
}

/** Takes a value into the draft, or says what is wrong with it. */
type Reader = (draft: Draft, value: string) => string | undefined;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['replicas', readReplicas],
  ['service.type', readServiceType],
  ['resources.requests.cpu', (draft, value) => takeQuantity(draft.requests, 'cpu', value)],
  ['resources.requests.memory', (draft, value) => takeQuantity(draft.requests, 'memory', value)],
  ['resources.limits.cpu', (draft, value) => takeQuantity(draft.limits, 'cpu', value)],
  ['resources.limits.memory', (draft, value) => takeQuantity(draft.limits, 'memory', value)],
  ['nodeSelector', readNodeSelector],
]);

function readParameters(data: Readonly<Record<string, string>>): {
  readonly parameters: Parameters;
  readonly faults: readonly string[];
} {
  const draft: Draft = { requests: new Map(), limits: new Map() };
  const faults: string[] = [];
  for (const key of Object.keys(data).sort()) {
    const value = data[key] ?? '';
    const read = READERS.get(key);
    const fault = read === undefined ? unknownKey() : read(draft, value.trim());
    if (fault !== undefined) faults.push(`${key}: ${fault}`);
  }
  const { replicas, nodeSelector, serviceType, requests, limits } = draft;
  const parameters: Parameters = {
    ...(replicas === undefined ? {} : { replicas }),
    serviceType: serviceType ?? DEFAULT_PARAMETERS.serviceType,
    resources: {
      // With a limit alone, the request is the limit.
      requests: { ...DEFAULT_PARAMETERS.resources.requests, ...write(limits), ...write(requests) },
      ...(limits.size === 0 ? {} : { limits: write(limits) }),
    },
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
  };
  return { parameters, faults: [...faults, ...findExcess(draft)] };
}

function write(quantities: ReadonlyMap<string, Quantity>): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from(quantities, ([name, { text }]) => [name, text]));
}

/** An API server refuses a request above its limit, and the Deployment with it. */
function findExcess({ requests, limits }: Draft): readonly string[] {
  return Array.from(limits).flatMap(([name, limit]) => {
    const request = requests.get(name);
    if (request === undefined || request.milli <= limit.milli) return [];
    return [`resources.requests.${name}: ${request.text} is more than the limit, ${limit.text}.`];
  });
}

function unknownKey(): string {
  return `this is not a parameter; there are ${[...READERS.keys()].join(', ')}.`;
}

function readReplicas(draft: Draft, value: string): string | undefined {
  const replicas = Number(value);
  if (!/^\d{1,4}$/.test(value) || replicas < 1 || replicas > REPLICAS_MAX) {
    return `"${value}" is not a whole number from 1 to ${REPLICAS_MAX}.`;
  }
  draft.replicas = replicas;
  return undefined;
}

function readServiceType(draft: Draft, value: string): string | undefined {
  if (!isServiceType(value)) return `"${value}" is not one of ${SERVICE_TYPES.join(', ')}.`;
  draft.serviceType = value;
  return undefined;
}

function isServiceType(value: string): value is ServiceType {
  return SERVICE_TYPES.includes(value);
}

function takeQuantity(
  into: Map<string, Quantity>,
  name: string,
  value: string,
): string | undefined {
  const quantity = readQuantity(value);
  if (quantity === undefined) return `"${value}" is not a quantity, such as 500m or 256Mi.`;
  into.set(name, quantity);
  return undefined;
}

/** One `label=value` a line. */
function readNodeSelector(draft: Draft, value: string): string | undefined {
  const pairs: [string, string][] = [];
  for (const line of value.split('\n').map((text) => text.trim())) {
    if (line === '') continue;
    const [name = '', wanted, ...rest] = line.split('=');
    const isSound = wanted !== undefined && rest.length === 0 && isLabelValue(wanted);
    if (!isSound || !isQualifiedName(name)) {
      return `"${line}" is not label=value; write one of these a line.`;
    }
    pairs.push([name, wanted]);
  }
  if (pairs.length > 0) draft.nodeSelector = Object.fromEntries(pairs);
  return undefined;
}
