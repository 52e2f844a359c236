/** Which port a laptop binds for the port that a Gateway declares. */
import type { Gateway, ListenerSet } from '@sluice/spec';
import { UsageError } from '../exit-code.ts';
import type { PortUser } from './addresses.ts';

/** What a privileged port is moved by: 80 becomes 8080, 443 becomes 8443. */
const PRIVILEGED_PORT_OFFSET = 8000;
const PRIVILEGED_PORT_MAX = 1023;

/** Reads `--port 80=9000` options. */
export function parsePortOptions(options: readonly string[]): Map<number, number> {
  return new Map(
    options.map((option) => {
      const [from, to, ...rest] = option.split('=').map(Number);
      if (!isPort(from) || !isPort(to) || rest.length > 0) {
        throw new UsageError(
          `--port ${option}: expected GATEWAY_PORT=LOCAL_PORT, for example --port 80=9000`,
        );
      }
      return [from, to] as const;
    }),
  );
}

/**
 * Maps every privileged port that a listener declares, unless `fixed` says otherwise, to the first
 * of port + 8000, + 18000, … that no listener declares and no other port is mapped to.
 */
export function buildPortMapping(
  declaring: readonly (Gateway | ListenerSet)[],
  fixed: ReadonlyMap<number, number>,
): Record<string, number> {
  const declared = new Set(
    declaring.flatMap((object) => object.spec.listeners.map((listener) => listener.port)),
  );
  const mapping = new Map(fixed);
  const taken = new Set([...declared, ...fixed.values()]);
  for (const port of [...declared].sort((a, b) => a - b)) {
    if (port > PRIVILEGED_PORT_MAX || mapping.has(port)) continue;
    let bindPort = port + PRIVILEGED_PORT_OFFSET;
    while (taken.has(bindPort)) bindPort += 10_000;
    taken.add(bindPort);
    mapping.set(port, bindPort);
  }
  return Object.fromEntries(mapping);
}

function isPort(value: number | undefined): value is number {
  return Number.isInteger(value) && value !== undefined && value >= 1 && value <= 65_535;
}

/** The ports that each Gateway binds, with those of the ListenerSets below it. */
export function listPortUsers(
  owners: readonly (Gateway | ListenerSet)[],
  mapping: Readonly<Record<string, number>>,
): PortUser[] {
  const ports = new Map<string, number[]>();
  for (const owner of owners) {
    const key = gatewayKeyOf(owner);
    const bound = owner.spec.listeners.map(({ port }) => mapping[port] ?? port);
    ports.set(key, [...(ports.get(key) ?? []), ...bound]);
  }
  return [...ports.keys()].sort().map((gateway) => ({ gateway, ports: ports.get(gateway) ?? [] }));
}

function gatewayKeyOf(owner: Gateway | ListenerSet): string {
  const { namespace, name } = owner.metadata;
  if (owner.kind === 'Gateway') return `${namespace}/${name}`;
  const { parentRef } = owner.spec;
  return `${parentRef.namespace ?? namespace}/${parentRef.name}`;
}
