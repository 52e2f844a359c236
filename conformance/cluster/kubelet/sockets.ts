/**
 * Which ports a Pod listens on, read from `/proc/<pid>/net/*`: no probe ever connects, so the
 * programs under test see no connection but those of the tests.
 */
import { readFile } from 'node:fs/promises';
import type { ContainerPort } from './pod.ts';

/** Texts of the tables of a network namespace, IPv4 and IPv6 one after the other. */
export interface SocketTables {
  readonly tcp: string;
  readonly udp: string;
}

/** A Pod that runs for so long counts as open: some declare ports that they never open. */
const graceMs = 2_000;
const listenState = '0A';
const unconnectedState = '07';

/** Whether every declared port is open, or, when none is declared, any port. */
export function socketsReady(
  declared: readonly ContainerPort[],
  tables: SocketTables,
  runningForMs: number,
): boolean {
  if (runningForMs >= graceMs) return true;
  const tcp = localPorts(tables.tcp, listenState);
  const udp = localPorts(tables.udp, unconnectedState);
  if (declared.length === 0) return tcp.size + udp.size > 0;
  return declared.every(({ containerPort, protocol }) =>
    (protocol === 'UDP' ? udp : tcp).has(containerPort),
  );
}

/** Of the namespace of a process; empty when the process is gone. */
export async function readSocketTables(pid: number): Promise<SocketTables> {
  const read = (name: string) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '');
  const [tcp, tcp6, udp, udp6] = await Promise.all(['tcp', 'tcp6', 'udp', 'udp6'].map(read));
  return { tcp: `${tcp}\n${tcp6}`, udp: `${udp}\n${udp6}` };
}

/** Lines are `sl local_address rem_address st …`; an address is `HEX:PORT` in hexadecimal. */
function localPorts(table: string, state: string): ReadonlySet<number> {
  return new Set(
    table
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === state)
      .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16)),
  );
}
