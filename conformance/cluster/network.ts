/**
 * The network of a cluster: a bridge for its Pods, inside a network namespace of its own, so that
 * nothing of it is seen by the machine and all of it is gone with its last process.
 *
 * Addresses: 10.244.0.1 is the node and the API server, the rest of 10.244.0.0/16 is for Pods,
 * 10.96.0.0/16 for Services, 10.97.0.0/16 for load balancers (outside of the Pods' range, or Pods
 * would look for them among themselves).
 */
import { execFile, spawnSync } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export const bridge = 'br0';
export const nodeAddress = '10.244.0.1';
export const podRange = '10.244.0.0/16';

/** Of Services and load balancers. */
const serviceRange = '10.96.0.0/15';

/**
 * What is still for a Service when it leaves has not been rewritten: the rules are not there yet,
 * or the kernel missed them while they changed. Nobody has such an address, so the sender would be
 * told that there is no such host. Dropped, it is sent again a second later, and then finds them.
 */
const lostPackets = `table ip lost {
  chain leaving {
    type filter hook postrouting priority 300;
    ip daddr ${serviceRange} drop
  }
}`;

const run = promisify(execFile);
/** Program to the Debian package that has it. */
const wantedPrograms = new Map([
  ['ip', 'iproute2'],
  ['nft', 'nftables'],
  ['unshare', 'util-linux'],
  ['nsenter', 'util-linux'],
  ['setpriv', 'util-linux'],
]);

/** Throws with what is wanting on this machine. */
export function requireNetworkPrograms(): void {
  if (process.platform !== 'linux') throw new Error('a cluster needs network namespaces of Linux');
  if (process.getuid?.() !== 0) {
    throw new Error('a cluster needs root for its network namespaces: use sudo, or a container');
  }
  const missing = [...wantedPrograms].filter(([program]) => !isInstalled(program));
  if (missing.length === 0) return tryNamespace();
  const packages = [...new Set(missing.map(([, name]) => name))].join(' ');
  const names = missing.map(([program]) => program).join(', ');
  throw new Error(`missing: ${names}; on Debian: apt-get install ${packages}`);
}

/** Containers often have a root who may not do this. */
function tryNamespace(): void {
  const { status, stderr } = spawnSync('unshare', ['--net', 'true'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`no network namespace can be made here: ${stderr.trim()}`);
}

function isInstalled(program: string): boolean {
  // Where root's programs are is not on every PATH.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** In the namespace of this process, which has to be a new one. */
export async function openNetwork(): Promise<void> {
  if (Object.keys(networkInterfaces()).length > 0) {
    throw new Error('this network namespace is in use: start in a new one');
  }
  await ip('link', 'set', 'lo', 'up');
  await ip('link', 'add', bridge, 'type', 'bridge');
  await ip('address', 'add', `${nodeAddress}/16`, 'dev', bridge);
  await ip('link', 'set', bridge, 'up');
  // What is sent to Services leaves here: kube-proxy rewrites it on the way.
  await ip('route', 'add', serviceRange, 'dev', bridge, 'src', nodeAddress);
  await run('nft', [lostPackets]);
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
}

async function ip(...args: readonly string[]): Promise<void> {
  await run('ip', args);
}
