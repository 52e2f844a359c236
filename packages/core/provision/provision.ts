/**
 * What a Gateway owns in the cluster, as effects: applied while the Gateway is served, deleted when
 * its names change or it is no longer ours. When the Gateway itself goes, its owner references
 * take all of it away; there are no finalizers.
 */
import type { ProxyConfig } from '@sluice/model';
import type { ApplyEffect, DeleteEffect, Effect, ObjectRef } from '@sluice/sansio';
import type { Gateway } from '@sluice/spec';
import type { Finding } from '../finding.ts';
import { wantedLoadBalancerIp } from '../graph/address-assignment.ts';
import type { GatewayNode } from '../graph/gateway.ts';
import type { Graph } from '../graph/graph.ts';
import type { World } from '../graph/world.ts';
import { assignBindPorts } from '../lower/bind-port.ts';
import { listenerPorts } from '../lower/config.ts';
import { SPEC } from '../marks.ts';
import { createLatest, createMemo } from '../memo.ts';
import { nameOf, namespaceOf } from '../objects.ts';
import type { Outcome } from '../outcome.ts';
import { NOTICE_REASON } from '../reasons.ts';
import type { OwnableObject, Provisioning } from '../snapshot.ts';
import { effectKey } from '../status/effect.ts';
import { configMapNames, MANAGED_BY, MANAGED_BY_LABEL, writerName } from './owned-name.ts';
import { type OwnedInputs, type OwnedManifest, renderOwned } from './owned-objects.ts';
import { findForeign, ownedIdentities, ownedNameOf } from './ownership.ts';

export function provisionGateway(graph: Graph, node: GatewayNode): Outcome {
  const { world } = graph;
  const { provisioning } = world.settings;
  if (provisioning === undefined || !mayOwn(node.gateway)) return NOTHING;
  const { dropped } = podAnnotations(annotationsOf(node.gateway));
  const findings = dropped.map((name) => droppedAnnotation(node, name));
  // What a Gateway had before it became invalid stays, ready for the moment when it is mended.
  if (!node.accepted) return { findings, effects: [] };
  const anchor = graph.classes.get(node.gateway.spec.gatewayClassName) ?? node.gateway;
  const applies = renderOnce(anchor, node.key, inputsOf(world, node, provisioning));
  const effects = applies.filter(({ target }) => !isForeign(world, node.gateway, target));
  return { findings, effects };
}

const NOTHING: Outcome = { findings: [], effects: [] };

/** An object that is being deleted takes what it owns with it. */
function mayOwn({ metadata }: Gateway): boolean {
  return metadata.uid !== undefined && metadata.deletionTimestamp === undefined;
}

function isForeign(world: World, gateway: Gateway, { kind, name }: ObjectRef): boolean {
  return findForeign(world, gateway, { kind, name }) !== undefined;
}

interface Rendered {
  readonly text: string;
  readonly applies: readonly ApplyEffect[];
}

const rendered = createLatest<Rendered>();

/** Equal inputs give the same objects: a Gateway is replaced each time its status is written. */
function renderOnce(anchor: object, key: string, inputs: OwnedInputs): readonly ApplyEffect[] {
  const text = JSON.stringify(inputs);
  const known = rendered.get(anchor, key);
  if (known?.text === text) return known.applies;
  const applies = renderOwned(inputs).map(applyOf);
  rendered.set(anchor, key, { text, applies });
  return applies;
}

function applyOf(object: OwnedManifest): ApplyEffect {
  const { apiVersion, kind, metadata } = object;
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  const target = { group, kind, namespace: metadata.namespace, name: metadata.name };
  return { kind: 'apply', id: `apply/${effectKey(target)}`, target, object };
}

function inputsOf(world: World, node: GatewayNode, provisioning: Provisioning): OwnedInputs {
  const { gateway, parameters } = node;
  const { replicas, resources, nodeSelector, serviceType } = parameters;
  const ports = listenerPorts(node);
  const bindPorts = assignBindPorts(world.settings, ports);
  const loadBalancerIp = wantedLoadBalancerIp(gateway);
  const annotations = annotationsOf(gateway);
  return {
    namespace: namespaceOf(gateway),
    gateway: nameOf(gateway),
    gatewayClass: gateway.spec.gatewayClassName,
    uid: gateway.metadata.uid ?? '',
    name: ownedNameOf(gateway),
    image: provisioning.image,
    controller: provisioning.serviceAccount,
    labels: sortKeys(gateway.spec.infrastructure?.labels ?? {}),
    annotations,
    podAnnotations: podAnnotations(annotations).kept,
    ...(replicas === undefined ? {} : { replicas }),
    resources,
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    service: {
      type: serviceType,
      ports: ports.map((port) => ({ port, targetPort: bindPorts.get(port) ?? port })),
      ...(loadBalancerIp === undefined || serviceType !== 'LoadBalancer' ? {} : { loadBalancerIp }),
    },
  };
}

type Annotations = Readonly<Record<string, string>>;

function annotationsOf(gateway: Gateway): Annotations {
  return sortKeys(gateway.spec.infrastructure?.annotations ?? {});
}

/** Sound: keys are names of labels and annotations, which the API checks. */
function sortKeys(map: Annotations): Annotations {
  return Object.fromEntries(Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** By these a Pod leaves its confinement, on clusters that still honour them. */
const CONFINEMENT = [
  'container.apparmor.security.beta.kubernetes.io/',
  'container.seccomp.security.alpha.kubernetes.io/',
  'seccomp.security.alpha.kubernetes.io/',
];

function podAnnotations(annotations: Annotations): {
  readonly kept: Annotations;
  readonly dropped: readonly string[];
} {
  const isDropped = (name: string): boolean =>
    CONFINEMENT.some((prefix) => name.startsWith(prefix));
  const entries = Object.entries(annotations);
  return {
    kept: Object.fromEntries(entries.filter(([name]) => !isDropped(name))),
    dropped: Object.keys(annotations).filter(isDropped),
  };
}

function droppedAnnotation({ ref }: GatewayNode, name: string): Finding {
  return {
    subject: ref,
    field: 'spec.infrastructure.annotations',
    severity: 'warning',
    reason: NOTICE_REASON.annotationNotAllowed,
    message: `Annotation ${name} changes what confines the data plane's Pods and is left out there; remove it.`,
    spec: SPEC.infrastructure,
  };
}

/**
 * Deletes what Gateways own that they should not: of an earlier class, or of Gateways that are
 * another controller's now. While a Gateway's class does not exist nobody knows, and all stays.
 */
export function releaseOwned(graph: Graph): Outcome {
  const { snapshot, settings } = graph.world;
  if (settings.provisioning === undefined) return NOTHING;
  const { ownables, services } = snapshot;
  const managed = managedMemo(services, [ownables], () => [
    ...ownables.filter(isManaged),
    ...services.filter(isManaged),
  ]);
  const gateways = new Map(
    snapshot.gateways.map((gateway) => [
      ownerKey(namespaceOf(gateway), gateway.metadata.uid ?? ''),
      gateway,
    ]),
  );
  const known = new Set(snapshot.gatewayClasses.map(nameOf));
  const surplus = new Map<Gateway, OwnableObject[]>();
  for (const object of managed) {
    const gateway = (object.metadata.ownerReferences ?? [])
      .map(({ uid }) => gateways.get(ownerKey(object.metadata.namespace, uid)))
      .find((owner) => owner !== undefined && mayOwn(owner));
    if (gateway === undefined) continue;
    const { gatewayClassName } = gateway.spec;
    if (!known.has(gatewayClassName)) continue;
    if (graph.classes.has(gatewayClassName) && isWanted(gateway, object)) continue;
    surplus.set(gateway, [...(surplus.get(gateway) ?? []), object]);
  }
  const effects = [...surplus].flatMap(([gateway, objects]) => deleteAll(gateway, objects));
  return { findings: [], effects: effects.sort((one, other) => (one.id < other.id ? -1 : 1)) };
}

/** Most Services are nobody's here, and there may be thousands. */
const managedMemo = createMemo<object, readonly OwnableObject[]>();

function ownerKey(namespace: string, uid: string): string {
  return `${namespace}/${uid}`;
}

function isManaged({ metadata }: OwnableObject): boolean {
  return metadata.labels?.[MANAGED_BY_LABEL] === MANAGED_BY;
}

function isWanted(gateway: Gateway, { kind, metadata }: OwnableObject): boolean {
  return ownedIdentities(gateway).some((one) => one.kind === kind && one.name === metadata.name);
}

/**
 * ConfigMaps and Secret carry the Deployment's name. The right to delete the Secret goes last: in
 * the turn in which all else is gone.
 */
function deleteAll(
  gateway: Gateway,
  objects: readonly OwnableObject[],
): readonly Effect<ProxyConfig>[] {
  const namespace = namespaceOf(gateway);
  const published = objects
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap(({ metadata: { name } }) => [
      { group: '', kind: 'Secret', namespace, name },
      ...configMapNames(name).map((map) => ({
        group: '',
        kind: 'ConfigMap',
        namespace,
        name: map,
      })),
    ]);
  const isWriter = ({ kind, metadata }: OwnableObject): boolean =>
    kind === 'RoleBinding' && metadata.name.endsWith(writerName(''));
  const others = objects.filter((object) => !isWriter(object));
  const next = others.length > 0 ? others : objects;
  const refs = next.map(({ kind, metadata: { name } }) => ({
    group: GROUPS.get(kind) ?? '',
    kind,
    namespace,
    name,
  }));
  return [...published, ...refs].map(deleteOf);
}

const GROUPS: ReadonlyMap<string, string> = new Map([
  ['Deployment', 'apps'],
  ['Role', 'rbac.authorization.k8s.io'],
  ['RoleBinding', 'rbac.authorization.k8s.io'],
]);

function deleteOf(target: ObjectRef): DeleteEffect {
  return { kind: 'delete', id: `delete/${effectKey(target)}`, target };
}
