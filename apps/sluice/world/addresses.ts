/**
 * Which loopback address each Gateway is bound to on a laptop. Gateways share the first address
 * until two of them want one port: the later one moves to the next address, since each Gateway
 * has ports of its own in a cluster.
 */
import { isIPv4 } from 'node:net';

export interface PortUser {
  /** `namespace/name` of the Gateway. */
  readonly gateway: string;
  /** Ports that it binds. */
  readonly ports: readonly number[];
}

/** Returns Gateway → address. `first` must be a loopback address; IPv6 has only the one. */
export function assignAddresses(
  users: readonly PortUser[],
  first: string,
): Record<string, readonly string[]> {
  const assigned = new Map<string, readonly string[]>();
  const taken = new Map<string, Set<number>>();
  for (const { gateway, ports } of users) {
    let address = first;
    while (isTaken(taken.get(address), ports) && isIPv4(address)) address = nextAddress(address);
    const bound = taken.get(address) ?? new Set();
    for (const port of ports) bound.add(port);
    taken.set(address, bound);
    assigned.set(gateway, [address]);
  }
  return Object.fromEntries(assigned);
}

function isTaken(bound: ReadonlySet<number> | undefined, ports: readonly number[]): boolean {
  return bound !== undefined && ports.some((port) => bound.has(port));
}

function nextAddress(address: string): string {
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) + 1;
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
