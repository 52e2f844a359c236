/**
 * Attachment: which listeners carry a route, per parentRef, and why not
 * (CommonRouteSpec.parentRefs).
 *
 * Steps, each with its own reason when nothing is left: sectionName and port → NoMatchingParent;
 * allowedRoutes → NotAllowedByListeners; hostnames → NoMatchingListenerHostname.
 */
import { hostnamesIntersect } from '@sluice/model';
import { SPEC } from '../marks.ts';
import { type ApiObject, GATEWAY_GROUP, namespaceOf, type ParentRef } from '../objects.ts';
import { CONDITION, ROUTE_REASON } from '../reasons.ts';
import type { ListenerFacts, ParentFacts } from './parent.ts';
import type { Problem } from './problem.ts';
import { type Labels, matchesSelector } from './selector.ts';

/** One entry of `spec.parentRefs` that names a Gateway or ListenerSet of ours. */
export interface Attachment {
  /** Index into `spec.parentRefs`. */
  readonly index: number;
  readonly parentRef: ParentRef;
  readonly parent: ParentFacts;
  /** Names of the parent's listeners that carry the route; empty with a problem. */
  readonly listeners: readonly ListenerFacts[];
  readonly problem: Problem | undefined;
}

export interface RouteFacts {
  readonly kind: string;
  readonly namespace: string;
  /** Lower case; empty: every host. */
  readonly hostnames: readonly string[];
  /** Labels of the route's namespace; undefined: there is no such namespace. */
  readonly labels: Labels | undefined;
}

/** `kind/namespace/name` of a parent; undefined: not a kind that we serve. */
export function parentKey(route: ApiObject, ref: ParentRef): string | undefined {
  if ((ref.group ?? GATEWAY_GROUP) !== GATEWAY_GROUP) return undefined;
  const kind = ref.kind ?? 'Gateway';
  if (kind !== 'Gateway' && kind !== 'ListenerSet') return undefined;
  return `${kind}/${ref.namespace ?? namespaceOf(route)}/${ref.name}`;
}

export function attach(
  route: RouteFacts,
  parent: ParentFacts,
  place: { readonly index: number; readonly parentRef: ParentRef },
): Attachment {
  const { index, parentRef } = place;
  const refuse = (reason: string, message: string, spec: Problem['spec']): Attachment => {
    const field = `spec.parentRefs[${index}]`;
    const problem = { condition: CONDITION.accepted, reason, message, field, spec };
    return { index, parentRef, parent, listeners: [], problem };
  };
  const name = `${parent.kind} ${parent.namespace}/${parent.name}`;
  if (parent.refusal !== undefined) {
    return refuse(
      ROUTE_REASON.noMatchingParent,
      `${name} serves nothing: ${parent.refusal}`,
      SPEC.parentRefs,
    );
  }
  const sections = parent.listeners.filter((listener) => isSelected(listener, parentRef));
  if (sections.length === 0) {
    return refuse(
      ROUTE_REASON.noMatchingParent,
      `${name} has no listener ${describeSection(parentRef)}: it has ${describeListeners(parent)}.`,
      SPEC.parentRefs,
    );
  }
  const allowing = sections.filter((listener) => allowsRoute(listener, parent, route));
  if (allowing.length === 0) {
    return refuse(
      ROUTE_REASON.notAllowedByListeners,
      whyNotAllowed(sections, name, route),
      SPEC.allowedRoutes,
    );
  }
  const carrying = allowing.filter((listener) => sharesHostname(listener, route.hostnames));
  if (carrying.length === 0) {
    return refuse(
      ROUTE_REASON.noMatchingListenerHostname,
      whyNoHostname(allowing, name, route),
      SPEC.hostnames,
    );
  }
  return { index, parentRef, parent, listeners: carrying, problem: undefined };
}

function isSelected(listener: ListenerFacts, ref: ParentRef): boolean {
  const section = ref.sectionName ?? '';
  if (section !== '' && listener.name !== section) return false;
  return ref.port === undefined || listener.port === ref.port;
}

function describeSection(ref: ParentRef): string {
  const section = ref.sectionName === undefined ? '' : `named ${ref.sectionName}`;
  const port = ref.port === undefined ? '' : `on port ${ref.port}`;
  return `${section} ${port}`.trim() || 'at all';
}

function describeListeners(parent: ParentFacts): string {
  return parent.listeners.map(({ name, port }) => `${name} (port ${port})`).join(', ') || 'none';
}

function allowsRoute(listener: ListenerFacts, parent: ParentFacts, route: RouteFacts): boolean {
  return listener.kinds.includes(route.kind) && allowsNamespace(listener, parent, route);
}

function allowsNamespace(listener: ListenerFacts, parent: ParentFacts, route: RouteFacts): boolean {
  switch (listener.from) {
    case 'All':
      return true;
    case 'Same':
      return route.namespace === parent.namespace;
    case 'Selector':
      return route.labels !== undefined && matchesSelector(listener.selector, route.labels);
    default:
      return false;
  }
}

function whyNotAllowed(
  listeners: readonly ListenerFacts[],
  parent: string,
  route: RouteFacts,
): string {
  const names = listeners.map((listener) => listener.name).join(', ');
  if (!listeners.some((listener) => listener.kinds.includes(route.kind))) {
    return `No ${route.kind} may attach to ${names} of ${parent}: the listener's protocol or allowedRoutes.kinds does not admit this kind; attach it to another listener.`;
  }
  return `Routes of namespace ${route.namespace} may not attach to ${names} of ${parent}: see allowedRoutes.namespaces.`;
}

function sharesHostname(listener: ListenerFacts, hostnames: readonly string[]): boolean {
  const own = listener.hostname;
  if (own === undefined || hostnames.length === 0) return true;
  return hostnames.some((hostname) => hostnamesIntersect(own, hostname));
}

function whyNoHostname(
  listeners: readonly ListenerFacts[],
  parent: string,
  route: RouteFacts,
): string {
  const names = listeners.map((listener) => `${listener.name} (${listener.hostname ?? '*'})`);
  return `None of ${route.hostnames.join(', ')} is a hostname of ${names.join(', ')} of ${parent}.`;
}
