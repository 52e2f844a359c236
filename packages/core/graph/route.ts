/**
 * A route of ours: where it attaches and what it was lowered to.
 *
 * Routes of all kinds attach by the same rules; only HTTPRoutes are lowered so far. A route that
 * names no parent of ours has no node at all: it is somebody else's.
 */
import type { ObjectRef } from '@sluice/sansio';
import type { HTTPRoute } from '@sluice/spec';
import { hostnamesOf, type LoweredRoute, lowerRoute } from '../lower/route.ts';
import { createMemo } from '../memo.ts';
import { type ApiObject, namespaceOf, type ParentRef, refOf } from '../objects.ts';
import { type Attachment, attach, parentKey } from './attachment.ts';
import type { ParentFacts } from './parent.ts';
import { namespaceLabels, type World } from './world.ts';

/** Parents of ours, by `kind/namespace/name`. */
export type ParentIndex = ReadonlyMap<string, ParentFacts>;

/** Any kind of route, as far as attachment reads it. */
export interface RouteObject extends ApiObject {
  readonly spec: {
    readonly parentRefs?: readonly ParentRef[];
    readonly hostnames?: readonly string[];
  };
}

export interface RouteNode<Route extends RouteObject = RouteObject> {
  readonly ref: ObjectRef;
  readonly route: Route;
  readonly attachments: readonly Attachment[];
}

export interface HttpRouteNode extends RouteNode<HTTPRoute> {
  readonly lowered: LoweredRoute;
}

/** Undefined: no parent of ours. */
export function buildHttpRoute(
  world: World,
  parents: ParentIndex,
  route: HTTPRoute,
): HttpRouteNode | undefined {
  const attachments = attachRoute(world, parents, { kind: 'HTTPRoute', route });
  if (attachments.length === 0) return undefined;
  const lowered = lowerRoute(world, route);
  return httpRouteMemo(route, [attachments, lowered], () => ({
    ref: refOf('HTTPRoute', route),
    route,
    attachments,
    lowered,
  }));
}

const httpRouteMemo = createMemo<HTTPRoute, HttpRouteNode>();

/** Routes of a kind that is not served yet. Undefined: no parent of ours. */
export function buildOtherRoute(
  world: World,
  parents: ParentIndex,
  source: RouteSource,
): RouteNode | undefined {
  const attachments = attachRoute(world, parents, source);
  if (attachments.length === 0) return undefined;
  return { ref: refOf(source.kind, source.route), route: source.route, attachments };
}

export interface RouteSource {
  readonly kind: string;
  readonly route: RouteObject;
}

/** One attachment for each parentRef that names a Gateway or ListenerSet of ours. */
function attachRoute(
  world: World,
  parents: ParentIndex,
  { kind, route }: RouteSource,
): readonly Attachment[] {
  const keys = parentKeysOf(route);
  const named = keys.map((key) => (key === undefined ? undefined : parents.get(key)));
  if (named.every((parent) => parent === undefined)) return NONE;
  const namespace = namespaceOf(route);
  const dependencies = [...named, world.namespaces.get(namespace), world.settings.namespaces];
  return attachmentsMemo(route, dependencies, () => {
    const labels = namespaceLabels(world, namespace);
    const facts = { kind, namespace, hostnames: hostnamesOf(route), labels };
    return (route.spec.parentRefs ?? []).flatMap((parentRef, index) => {
      const parent = named[index];
      return parent === undefined ? [] : [attach(facts, parent, { index, parentRef })];
    });
  });
}

const NONE: readonly Attachment[] = [];
const attachmentsMemo = createMemo<RouteObject, readonly Attachment[]>();

/** `kind/namespace/name` of each parentRef; undefined: of a kind that is never ours. */
export function parentKeysOf(route: RouteObject): readonly (string | undefined)[] {
  return (route.spec.parentRefs ?? []).map((ref) => parentKey(route, ref));
}
