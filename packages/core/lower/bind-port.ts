/**
 * Ports to bind for a Gateway's ports: no two share one, and a process without privileges can bind
 * each when the settings shift the privileged ones.
 *
 * A port bound as it is has the first right to its number; what is shifted takes the next free one.
 */
import type { Settings } from '../snapshot.ts';

const PRIVILEGED_BELOW = 1024;
const PORT_MAX = 65_535;

/** By Gateway port. `ports`: distinct, in any order. */
export function assignBindPorts(
  settings: Settings,
  ports: readonly number[],
): ReadonlyMap<number, number> {
  const shift = settings.privilegedPortShift ?? 0;
  const isShifted = (port: number): boolean => shift > 0 && port < PRIVILEGED_BELOW;
  const assigned = new Map<number, number>();
  for (const port of ports) {
    if (!isShifted(port)) assigned.set(port, settings.portMapping[String(port)] ?? port);
  }
  const taken = new Set([...assigned.values(), ...(settings.reservedPorts ?? [])]);
  for (const port of ports.filter(isShifted).sort((one, other) => one - other)) {
    const free = nextFree(port + shift, taken);
    taken.add(free);
    assigned.set(port, free);
  }
  return assigned;
}

function nextFree(wanted: number, taken: ReadonlySet<number>): number {
  let port = wanted;
  while (taken.has(port) && port < PORT_MAX) port += 1;
  return port;
}
