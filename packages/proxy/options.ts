/** What the owner of a proxy may choose. */
import { BlockList, isIP } from 'node:net';
import type { LogSink } from './access-log.ts';
import { defaultLimits, type Limits } from './limits.ts';

export interface ProxyOptions {
  /** Address to bind for a bind port. Default: all addresses, IPv6 and IPv4. */
  readonly address?: (bindPort: number) => string;
  /**
   * The ports that clients dial, which redirects name: those that are bound (default), or those
   * that the Gateway declares, where a Service in front maps them.
   */
  readonly clientsDial?: 'bound' | 'declared';
  /** Gets whole lines, many at a time, valid only during the call. Absent: no access log. */
  readonly accessLog?: LogSink;
  readonly limits?: Partial<Limits>;
  /** CIDR blocks of proxies in front of this one, whose X-Forwarded-* are believed. None. */
  readonly trustedProxies?: readonly string[];
  /** 48 bytes: TLS session tickets that other replicas understand. Default: own ones. */
  readonly ticketKeys?: Buffer;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  /** Milliseconds since the epoch. */
  readonly wallNow?: () => number;
}

export interface ResolvedOptions {
  readonly address: (bindPort: number) => string;
  readonly clientsDial: 'bound' | 'declared';
  readonly accessLog: LogSink | undefined;
  readonly limits: Limits;
  readonly isTrusted: (address: string) => boolean;
  readonly ticketKeys: Buffer | undefined;
  readonly random: () => number;
  readonly now: () => number;
  readonly wallNow: () => number;
}

/** Throws on a CIDR block that is none. */
export function resolveOptions(options: ProxyOptions): ResolvedOptions {
  return {
    address: options.address ?? (() => '::'),
    clientsDial: options.clientsDial ?? 'bound',
    accessLog: options.accessLog,
    limits: { ...defaultLimits, ...options.limits },
    isTrusted: trustOf(options.trustedProxies ?? []),
    ticketKeys: options.ticketKeys,
    random: options.random ?? Math.random,
    now: options.now ?? (() => performance.now()),
    wallNow: options.wallNow ?? Date.now,
  };
}

function trustOf(blocks: readonly string[]): (address: string) => boolean {
  if (blocks.length === 0) return () => false;
  const list = new BlockList();
  for (const block of blocks) {
    const [address = '', length] = block.split('/');
    const version = isIP(address);
    if (version === 0) throw new RangeError(`not a CIDR block: ${block}`);
    const family = version === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(address, Number(length ?? (version === 4 ? 32 : 128)), family);
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
