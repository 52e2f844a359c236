/**
 * A route of ours: where it attaches, what it was lowered to, and what its status must say.
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

/** One attachment for each parentRef that names a Gateway or ListenerSet of ours. */
export function attachRoute(
  world: World,
  parents: ParentIndex,
  source: { readonly kind: string; readonly route: RouteObject },
): readonly Attachment[] {
  const { kind, route } = source;
  const keys = parentKeysMemo(route, [], () => parentKeysOf(route));
  const namespace = namespaceOf(route);
  const dependencies: unknown[] = [world.namespaces.get(namespace), world.settings.namespaces];
  let owned = false;
  for (const key of keys) {
    const parent = key === undefined ? undefined : parents.get(key);
    if (parent !== undefined) owned = true;
    dependencies.push(parent);
  }
  if (!owned) return NONE;
  return attachmentsMemo(route, dependencies, () => {
    const hostnames = hostnamesOf(route);
    const labels = namespaceLabels(world, namespace);
    const attachments: Attachment[] = [];
    for (const [index, parentRef] of (route.spec.parentRefs ?? []).entries()) {
      const key = keys[index];
      const parent = key === undefined ? undefined : parents.get(key);
      if (parent === undefined) continue;
      attachments.push(
        attach({ kind, namespace, hostnames, labels }, parent, { index, parentRef }),
      );
    }
    return attachments;
  });
}

const NONE: readonly Attachment[] = [];
const attachmentsMemo = createMemo<RouteObject, readonly Attachment[]>();
const parentKeysMemo = createMemo<RouteObject, readonly (string | undefined)[]>();

function parentKeysOf(route: RouteObject): readonly (string | undefined)[] {
  return (route.spec.parentRefs ?? []).map((ref) => parentKey(route, ref));
}
