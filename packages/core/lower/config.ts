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
import { isServedProtocol } from '../served.ts';
import {
  type ContentHash,
  combineHashes,
  finishSequence,
  hashValue,
  writeHash,
} from '../version.ts';
import { identifyTo, type LoweredBackend, lowerBackend } from './backend.ts';
import { assignBindPorts } from './bind-port.ts';

export interface GatewaySource {
  readonly node: GatewayNode;
  readonly traffic: readonly GatewayTraffic[];
  readonly trafficOf: (listener: ListenerNode) => readonly ListenerTraffic[];
}

export interface LoweredGateway {
  readonly config: ProxyConfig;
  readonly backends: readonly LoweredBackend[];
}

export function lowerGateway(world: World, source: GatewaySource): LoweredGateway {
  const { node } = source;
  const traffic = node.accepted ? source.traffic : [];
  const targets = new Set<BackendTarget>();
  for (const part of traffic) for (const target of part.targets) targets.add(target);
  const binds = buildBinds(world, source);
  const identity = node.clientCertificate;
  const backends = [...targets]
    .sort((one, other) => compareText(one.id, other.id))
    .map((target) => lowerBackend(world, target))
    .map((backend) => (identity === undefined ? backend : identifyTo(backend, identity)));
  const gateway = nameObject(node.ref);
  const hashes = [
    hashValue(gateway),
    combineHashes(binds.flatMap((bind) => bind.hashes)),
    finishSequence(traffic.map((part) => part.hash)),
    combineHashes(backends.map((backend) => backend.hash)),
  ];
  const config: ProxyConfig = {
    version: writeHash(combineHashes(hashes)),
    gateway,
    binds: binds.map((bind) => bind.config),
    routes: traffic.flatMap((part) => part.routes),
    backends: backends.map((backend) => backend.config),
  };
  return { config, backends };
}

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
  const bindPorts = assignBindPorts(world.settings, listenerPorts(source.node));
  return [...byPort.entries()]
    .sort(([one], [other]) => one - other)
    .map(([port, listeners]) => {
      const sorted = listeners.toSorted(compareListeners);
      const lowered = sorted.map((listener) => lowerListener(source, listener));
      const head = {
        port,
        bindPort: bindPorts.get(port) ?? port,
        protocol: sorted[0]?.protocol === 'HTTPS' ? ('https' as const) : ('http' as const),
      };
      const config = { ...head, listeners: lowered.map((listener) => listener.config) };
      return { config, hashes: [hashValue(head), ...lowered.flatMap(({ hashes }) => hashes)] };
    });
}

/** Of the Gateway and of the ListenerSets it let in. */
export function servedListeners(node: GatewayNode): readonly ListenerNode[] {
  return node.accepted ? admittedListeners(node).filter(isServing) : [];
}

/**
 * Distinct ports of all listeners that are served or could be, in order: where they are bound does
 * not change when a certificate or a conflict comes and goes.
 */
export function listenerPorts(node: GatewayNode): readonly number[] {
  const possible = admittedListeners(node).filter(({ protocol }) => isServedProtocol(protocol));
  return [...new Set(possible.map(({ port }) => port))].sort((one, other) => one - other);
}

function admittedListeners(node: GatewayNode): readonly ListenerNode[] {
  const sets = node.listenerSets.filter((set) => set.refusal === undefined);
  return [...node.listeners, ...sets.flatMap((set) => set.listeners)];
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
  const traffic = source.trafficOf(listener);
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
  const config = { ...head, routes: traffic.flatMap((part) => part.routes) };
  const attached = finishSequence(traffic.map((part) => part.hash));
  return { config, hashes: [hashValue(head), attached] };
}

function nameObject(ref: ObjectRef): ProxyConfig['gateway'] {
  return { kind: ref.kind, namespace: ref.namespace ?? '', name: ref.name };
}
