/**
 * Addresses of a Gateway: what was asked for, what can be given (GatewaySpec.addresses).
 *
 * A type we can't assign makes the Gateway not accepted; a value we can't use, not programmed.
 */
import type { Gateway } from '@sluice/spec';
import { SPEC } from '../marks.ts';
import { keyOf, type SpecAddress } from '../objects.ts';
import { CONDITION, GATEWAY_REASON } from '../reasons.ts';
import type { Settings } from '../snapshot.ts';
import type { Problem } from './problem.ts';

export interface AssignedAddress {
  readonly type: 'IPAddress' | 'Hostname';
  readonly value: string;
}

export interface AddressAssignment {
  /** In the order of the request; those assigned unasked in the order of the settings. */
  readonly addresses: readonly AssignedAddress[];
  /** How many of the requested addresses are assigned. */
  readonly outcome: 'all' | 'some' | 'none';
  readonly problems: readonly Problem[];
}

export function assignAddresses(settings: Settings, gateway: Gateway): AddressAssignment {
  const own = settings.addresses[keyOf(gateway)] ?? [];
  const requested = gateway.spec.addresses ?? [];
  if (requested.length === 0) return assignUnasked(own);
  const addresses: AssignedAddress[] = [];
  const problems: Problem[] = [];
  for (const [index, request] of requested.entries()) {
    const result = assignOne(settings, own, request);
    if ('value' in result) addresses.push(result);
    else problems.push({ ...result, field: `spec.addresses[${index}]` });
  }
  const outcome = problems.length === 0 ? 'all' : addresses.length === 0 ? 'none' : 'some';
  return { addresses: distinct(addresses), outcome, problems };
}

function assignUnasked(own: readonly string[]): AddressAssignment {
  if (own.length > 0) return { addresses: own.map(typed), outcome: 'all', problems: [] };
  const message = 'No address has been assigned to this Gateway yet.';
  return { addresses: [], outcome: 'none', problems: [notAssigned(message)] };
}

function assignOne(
  settings: Settings,
  own: readonly string[],
  request: SpecAddress,
): AssignedAddress | Problem {
  const type = request.type ?? 'IPAddress';
  if (type !== 'IPAddress' && type !== 'Hostname') return unsupportedType(type);
  const routability: string =
    'routability' in request && typeof request.routability === 'string' ? request.routability : '';
  if (routability !== '') {
    return notAssigned(
      `Addresses with routability ${routability} can't be assigned by this version.`,
    );
  }
  const value = request.value ?? '';
  if (value === '') {
    const free = own.map(typed).find((address) => address.type === type);
    return free ?? notAssigned(`No address of type ${type} is available.`);
  }
  if (own.includes(value) || settings.usableAddresses.includes(value)) return { type, value };
  return notUsable(value, settings.usableAddresses);
}

function typed(value: string): AssignedAddress {
  const numeric = /^\d+\.\d+\.\d+\.\d+$/.test(value) || value.includes(':');
  return { type: numeric ? 'IPAddress' : 'Hostname', value };
}

function distinct(addresses: readonly AssignedAddress[]): readonly AssignedAddress[] {
  const byValue = new Map(
    addresses.map((address) => [`${address.type} ${address.value}`, address]),
  );
  return [...byValue.values()];
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

function notUsable(value: string, usable: readonly string[]): Problem {
  const hint = usable.length === 0 ? 'leave spec.addresses out' : `use one of ${usable.join(', ')}`;
  return {
    condition: CONDITION.programmed,
    reason: GATEWAY_REASON.addressNotUsable,
    message: `Address ${value} can't be used here; ${hint}.`,
    spec: SPEC.addresses,
  };
}
