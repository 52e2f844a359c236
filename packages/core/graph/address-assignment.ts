/**
 * Addresses of a Gateway: what was asked for, what can be given (GatewaySpec.addresses).
 *
 * A type we can't assign makes the Gateway not accepted; a value we can't use, not programmed.
 */
import type { Gateway, Service } from '@sluice/spec';
import { SPEC } from '../marks.ts';
import { keyOf, namespaceOf, type SpecAddress } from '../objects.ts';
import { isOwnedBy, ownedNameOf } from '../provision/ownership.ts';
import { CONDITION, GATEWAY_REASON } from '../reasons.ts';
import type { Problem } from './problem.ts';
import type { World } from './world.ts';

export interface AssignedAddress {
  readonly type: 'IPAddress' | 'Hostname';
  readonly value: string;
  /** From where it is reached (GEP-5093); empty: nothing is said. */
  readonly routability: string;
}

export interface AddressAssignment {
  /** In the order of the request; those assigned unasked in the order in which they came. */
  readonly addresses: readonly AssignedAddress[];
  /** How many of the requested addresses are assigned. */
  readonly outcome: 'all' | 'some' | 'none';
  /** What can never be had first. */
  readonly problems: readonly Problem[];
}

export function assignAddresses(world: World, gateway: Gateway): AddressAssignment {
  const offer =
    world.settings.provisioning === undefined ? listed(world, gateway) : served(world, gateway);
  const requested = gateway.spec.addresses ?? [];
  if (requested.length === 0) return assignUnasked(offer.own);
  const addresses: AssignedAddress[] = [];
  const problems: Problem[] = [];
  for (const [index, request] of requested.entries()) {
    const result = assignOne(offer, request, addresses);
    if ('value' in result) addresses.push(result);
    else problems.push({ ...result, field: `spec.addresses[${index}]` });
  }
  const outcome = problems.length === 0 ? 'all' : addresses.length === 0 ? 'none' : 'some';
  return { addresses: distinct(addresses), outcome, problems: problems.sort(compareProblems) };
}

/** The address that the owned Service is to ask its load balancer for: it can ask for one. */
export function wantedLoadBalancerIp(gateway: Gateway): string | undefined {
  const asked = (gateway.spec.addresses ?? []).find(
    (request) =>
      (request.type ?? 'IPAddress') === 'IPAddress' &&
      (request.value ?? '') !== '' &&
      ['', SENTINEL].includes(routabilityOf(request)),
  );
  return asked?.value;
}

/** What can be assigned. */
interface Offer {
  readonly own: readonly AssignedAddress[];
  /** Reached from within the cluster alone. */
  readonly inner: readonly AssignedAddress[];
  /** Assigns a value that is none of its own, or says why it can't. */
  readonly judge: (type: AssignedAddress['type'], value: string) => AssignedAddress | Problem;
}

/** `sluice dev`: addresses are settings. */
function listed({ settings }: World, gateway: Gateway): Offer {
  const { usableAddresses: usable } = settings;
  return {
    own: (settings.addresses[keyOf(gateway)] ?? []).map((value) => typed(value)),
    inner: [],
    judge: (type, value) =>
      usable.includes(value) ? { type, value, routability: '' } : notUsable(value, hint(usable)),
  };
}

/** A cluster: addresses are those of the owned Service. */
function served(world: World, gateway: Gateway): Offer {
  const key = `${namespaceOf(gateway)}/${ownedNameOf(gateway)}`;
  const found = world.services.nodes.get(key)?.service;
  const service = found !== undefined && isOwnedBy(found, gateway) ? found : undefined;
  const inner = innerAddresses(service);
  const balanced = service === undefined || service.spec.type === 'LoadBalancer';
  const own = balanced ? balancedAddresses(service) : inner;
  const wanted = wantedLoadBalancerIp(gateway);
  return {
    own,
    inner,
    judge(type, value) {
      if (!balanced)
        return notUsable(value, 'a Service that is no LoadBalancer has no such address');
      if (type === 'IPAddress' && value !== wanted) {
        return notUsable(
          value,
          `the Gateway's Service can ask for one address, and asks for ${wanted}`,
        );
      }
      const isAsked = type === 'Hostname' || service?.spec.loadBalancerIP === value;
      if (!isAsked || own.length === 0) {
        return notAssigned(
          `Address ${value} is asked for and not assigned by the load balancer yet.`,
        );
      }
      const given = own.map((address) => address.value).join(', ');
      return notUsable(value, `the load balancer gave ${given} instead`);
    },
  };
}

function balancedAddresses(service: Service | undefined): readonly AssignedAddress[] {
  return (service?.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => {
    const value = ip ?? hostname;
    return value === undefined || value === '' ? [] : [typed(value)];
  });
}

function innerAddresses(service: Service | undefined): readonly AssignedAddress[] {
  const { clusterIP = '', clusterIPs = [clusterIP] } = service?.spec ?? {};
  return clusterIPs
    .filter((value) => value !== '' && value !== 'None')
    .map((value) => typed(value, CLUSTER));
}

function assignUnasked(own: readonly AssignedAddress[]): AddressAssignment {
  if (own.length > 0) return { addresses: own, outcome: 'all', problems: [] };
  const message = 'No address has been assigned to this Gateway yet.';
  return { addresses: [], outcome: 'none', problems: [notAssigned(message)] };
}

/** The address as this version knows it: the experimental channel alone has the field. */
function routabilityOf(request: SpecAddress): string {
  const { routability } = request as { readonly routability?: unknown };
  return typeof routability === 'string' ? routability : '';
}

const CLUSTER = 'Cluster';

/** The API's own, for tests: any address satisfies it. */
const SENTINEL = 'testing.x-k8s.io/sentinel';

/** `given`: to earlier requests; who leaves the choice to us asks for another one. */
function assignOne(
  offer: Offer,
  request: SpecAddress,
  given: readonly AssignedAddress[],
): AssignedAddress | Problem {
  const type = request.type ?? 'IPAddress';
  if (type !== 'IPAddress' && type !== 'Hostname') return unsupportedType(type);
  const routability = routabilityOf(request);
  if (routability !== '' && routability !== CLUSTER && routability !== SENTINEL) {
    return notAssigned(`No address of this cluster has routability ${routability}.`);
  }
  const value = request.value ?? '';
  const pool = routability === CLUSTER ? offer.inner : offer.own;
  const matching = pool
    .filter((address) => address.type === type && (value === '' || address.value === value))
    .map((address) => (routability === SENTINEL ? { ...address, routability } : address))
    .find((address) => value !== '' || !given.some((other) => isSame(address, other)));
  if (matching !== undefined) return matching;
  if (value === '') {
    const where = routability === CLUSTER ? ' inside the cluster' : '';
    const which = given.some((other) => other.type === type) ? 'No further address' : 'No address';
    return notAssigned(`${which} of type ${type}${where} is available.`);
  }
  if (routability === CLUSTER) {
    return notAssigned(`Address ${value} is not the one that the Service has inside the cluster.`);
  }
  const judged = offer.judge(type, value);
  return 'value' in judged && routability === SENTINEL ? { ...judged, routability } : judged;
}

function typed(value: string, routability = ''): AssignedAddress {
  const numeric = /^\d+\.\d+\.\d+\.\d+$/.test(value) || value.includes(':');
  return { type: numeric ? 'IPAddress' : 'Hostname', value, routability };
}

function distinct(addresses: readonly AssignedAddress[]): readonly AssignedAddress[] {
  return addresses.filter(
    (address, index) => addresses.findIndex((other) => isSame(address, other)) === index,
  );
}

function isSame(one: AssignedAddress, other: AssignedAddress): boolean {
  return (
    one.type === other.type && one.value === other.value && one.routability === other.routability
  );
}

function unsupportedType(type: string): Problem {
  return {
    condition: CONDITION.accepted,
    reason: GATEWAY_REASON.unsupportedAddress,
    message: `Addresses of type ${type} are not supported; use IPAddress or Hostname.`,
    spec: SPEC.addresses,
  };
}

function notAssigned(message: string): Problem {
  return {
    condition: CONDITION.programmed,
    reason: GATEWAY_REASON.addressNotAssigned,
    message,
    spec: SPEC.addresses,
  };
}

function notUsable(value: string, why: string): Problem {
  return {
    condition: CONDITION.programmed,
    reason: GATEWAY_REASON.addressNotUsable,
    message: `Address ${value} can't be used here; ${why}.`,
    spec: SPEC.addresses,
  };
}

function hint(usable: readonly string[]): string {
  return usable.length === 0 ? 'leave spec.addresses out' : `use one of ${usable.join(', ')}`;
}

/** The first one of a condition gives its reason: waiting helps least where nothing can be had. */
function compareProblems(one: Problem, other: Problem): number {
  const rank = ({ reason }: Problem): number =>
    reason === GATEWAY_REASON.addressNotUsable ? 0 : 1;
  return rank(one) - rank(other);
}
