/**
 * A Gateway and its traffic → ProxyConfig.
 *
 * Listeners that share a port share a bind; conflicts were resolved before, so all of a bind speak
 * one protocol. What can't be served is simply not here: its status says why.
 */
import {
  type BindConfig,
  compareHostnames,
  type ListenerConfig,
  type ProxyConfig,
} from '@sluice/model';
import type { ObjectRef } from '@sluice/sansio';
import type { BackendTarget } from '../graph/backend.ts';
import type { GatewayNode } from '../graph/gateway.ts';
import { isServing, type ListenerNode } from '../graph/listener.ts';
import type { GatewayTraffic, ListenerTraffic } from '../graph/traffic.ts';
import type { World } from '../graph/world.ts';
import { compareText } from '../objects.ts';
import { type ContentHash, combineHashes, hashValue, writeHash } from '../version.ts';
import { type LoweredBackend, lowerBackend } from './backend.ts';

export interface GatewaySource {
  readonly node: GatewayNode;
  readonly traffic: GatewayTraffic | undefined;
  readonly trafficOf: (listener: ListenerNode) => ListenerTraffic | undefined;
}

export interface LoweredGateway {
  readonly config: ProxyConfig;
  readonly backends: readonly LoweredBackend[];
}

export function lowerGateway(world: World, source: GatewaySource): LoweredGateway {
  const { node, traffic } = source;
  const routes = node.accepted ? (traffic?.routes ?? []) : [];
  const targets = node.accepted ? (traffic?.targets ?? NO_TARGETS) : NO_TARGETS;
  const binds = buildBinds(world, source);
  const backends = [...targets]
    .sort((one, other) => compareText(one.id, other.id))
    .map((target) => lowerBackend(world, target));
  const gateway = nameObject(node.ref);
  const hashes = [
    hashValue(gateway),
    combineHashes(binds.flatMap((bind) => bind.hashes)),
    combineHashes(routes.map((route) => route.lowered.hash)),
    combineHashes(backends.map((backend) => backend.hash)),
  ];
  const config: ProxyConfig = {
    version: writeHash(combineHashes(hashes)),
    gateway,
    binds: binds.map((bind) => bind.config),
    routes: routes.map((route) => route.lowered.config),
    backends: backends.map((backend) => backend.config),
  };
  return { config, backends };
}

const NO_TARGETS: ReadonlySet<BackendTarget> = new Set();

interface LoweredBind {
  readonly config: BindConfig;
  readonly hashes: readonly ContentHash[];
}

function buildBinds(world: World, source: GatewaySource): readonly LoweredBind[] {
  const byPort = new Map<number, ListenerNode[]>();
  for (const listener of servedListeners(source.node)) {
    const group = byPort.get(listener.port);
    if (group === undefined) byPort.set(listener.port, [listener]);
    else group.push(listener);
  }
  return [...byPort.entries()]
    .sort(([one], [other]) => one - other)
    .map(([port, listeners]) => {
      const sorted = listeners.toSorted(compareListeners);
      const lowered = sorted.map((listener) => lowerListener(source, listener));
      const head = {
        port,
        bindPort: world.settings.portMapping[String(port)] ?? port,
        protocol: sorted[0]?.protocol === 'HTTPS' ? ('https' as const) : ('http' as const),
      };
      const config = { ...head, listeners: lowered.map((listener) => listener.config) };
      return { config, hashes: [hashValue(head), ...lowered.flatMap(({ hashes }) => hashes)] };
    });
}

/** Of the Gateway and of the ListenerSets it let in. */
export function servedListeners(node: GatewayNode): readonly ListenerNode[] {
  if (!node.accepted) return [];
  const sets = node.listenerSets.filter((set) => set.refusal === undefined);
  return [...node.listeners, ...sets.flatMap((set) => set.listeners)].filter(isServing);
}

function compareListeners(one: ListenerNode, other: ListenerNode): number {
  return (
    compareHostnames(one.hostname ?? '', other.hostname ?? '') || compareText(one.name, other.name)
  );
}

interface LoweredListener {
  readonly config: ListenerConfig;
  readonly hashes: readonly ContentHash[];
}

function lowerListener(source: GatewaySource, listener: ListenerNode): LoweredListener {
  const routes = source.trafficOf(listener)?.routes ?? [];
  const validation = listener.clientValidation;
  const tls = {
    certificates: listener.certificates,
    ...(validation === undefined ? {} : { clientValidation: validation }),
  };
  const head = {
    owner: nameObject(listener.owner),
    name: listener.name,
    ...(listener.hostname === undefined ? {} : { hostname: listener.hostname }),
    ...(listener.protocol === 'HTTPS' ? { tls } : {}),
  };
  const config = { ...head, routes: routes.map((route) => route.lowered.config.id) };
  const attached = combineHashes(routes.map((route) => route.lowered.idHash));
  return { config, hashes: [hashValue(head), attached] };
}

function nameObject(ref: ObjectRef): ProxyConfig['gateway'] {
  return { kind: ref.kind, namespace: ref.namespace ?? '', name: ref.name };
}
