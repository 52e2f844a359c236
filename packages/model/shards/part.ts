/**
 * Parts of a ProxyConfig: pieces that travel, change and are checked on their own.
 *
 * A part is a list of entries, each small and plain JSON. What listeners carry is written beside
 * the routes, and order is written only where it is not the canonical one (routes by namespace
 * and name, backends by id), so that one changed route or backend is one entry of one part.
 * Endpoints change most: backends have parts of their own.
 */
import type {
  BackendConfig,
  BindConfig,
  HttpRouteConfig,
  ListenerConfig,
  ProxyConfig,
} from '../config.ts';

export interface ConfigPart {
  /** One of `configPartNames`. */
  readonly name: string;
  /** Never empty. */
  readonly entries: readonly PartEntry[];
}

/** Binds are followed by their listeners. */
export type PartEntry = HeadEntry | RouteEntry | BackendEntry;

export type HeadEntry =
  | { readonly kind: 'gateway'; readonly gateway: ProxyConfig['gateway'] }
  | { readonly kind: 'bind'; readonly bind: Omit<BindConfig, 'listeners'> }
  | {
      readonly kind: 'listener';
      readonly listener: Omit<ListenerConfig, 'routes'>;
      /** Ids, where the routes of the config in their order are not what it carries. */
      readonly routes?: readonly string[];
    }
  /** Ids in the order of the config, where that is not the canonical one. */
  | { readonly kind: 'route-order'; readonly ids: readonly string[] }
  | { readonly kind: 'backend-order'; readonly ids: readonly string[] };

export interface RouteEntry {
  readonly kind: 'route';
  readonly route: HttpRouteConfig;
  /** Keys of the listeners that carry it. */
  readonly listeners: readonly string[];
}

export interface BackendEntry {
  readonly kind: 'backend';
  readonly backend: BackendConfig;
}

const ROUTE_PARTS = 16;
const BACKEND_PARTS = 4;

export const routePartNames = Array.from({ length: ROUTE_PARTS }, (_, index) => `routes-${index}`);
export const backendPartNames = Array.from(
  { length: BACKEND_PARTS },
  (_, index) => `endpoints-${index}`,
);

/** Every name a part can have. */
export const configPartNames: readonly string[] = ['base', ...routePartNames, ...backendPartNames];

/** Names a listener within its Gateway. */
export function listenerKey(port: number, { owner, name }: Omit<ListenerConfig, 'routes'>): string {
  return `${port}/${owner.kind}/${owner.namespace}/${owner.name}/${name}`;
}

/** The canonical order. */
export function compareRoutes(
  { object: one }: HttpRouteConfig,
  { object: other }: HttpRouteConfig,
) {
  return (
    compareText(one.namespace, other.namespace) ||
    compareText(one.name, other.name) ||
    compareText(one.kind, other.kind)
  );
}

export function compareBackends(one: BackendConfig, other: BackendConfig): number {
  return compareText(one.id, other.id);
}

/** By UTF-16 code units. */
function compareText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
