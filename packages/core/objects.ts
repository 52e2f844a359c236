/**
 * Names for the nested parts of API objects, and the few questions asked of any of them.
 *
 * Generated types are one type per kind; the parts are derived here, so that a field that leaves
 * the API breaks the build where it is used.
 */

import type { ObjectRef } from '@sluice/sansio';
import type {
  EndpointSlice,
  Gateway,
  HTTPRoute,
  ListenerSet,
  ReferenceGrant,
  Service,
} from '@sluice/spec';

type Element<List> = NonNullable<List> extends readonly (infer Item)[] ? Item : never;

export type Listener = Element<Gateway['spec']['listeners']>;
export type ListenerEntry = Element<ListenerSet['spec']['listeners']>;
export type AnyListener = Listener | ListenerEntry;
export type AllowedRoutes = NonNullable<AnyListener['allowedRoutes']>;
export type CertificateObjectRef = Element<NonNullable<AnyListener['tls']>['certificateRefs']>;
export type SpecAddress = Element<Gateway['spec']['addresses']>;
export type GatewayTls = NonNullable<Gateway['spec']['tls']>;
export type FrontendTls = NonNullable<GatewayTls['frontend']>;
export type FrontendValidation = NonNullable<FrontendTls['default']['validation']>;
export type CaCertificateRef = Element<FrontendValidation['caCertificateRefs']>;

export type ParentRef = Element<HTTPRoute['spec']['parentRefs']>;
export type HttpRouteRule = Element<HTTPRoute['spec']['rules']>;
export type HttpRouteMatch = Element<HttpRouteRule['matches']>;
export type HttpRouteFilter = Element<HttpRouteRule['filters']>;
export type HttpBackendRef = Element<HttpRouteRule['backendRefs']>;
export type MirrorSpec = NonNullable<HttpRouteFilter['requestMirror']>;
export type BackendObjectRef = MirrorSpec['backendRef'];
export type PathModifier = NonNullable<NonNullable<HttpRouteFilter['urlRewrite']>['path']>;

export type ServicePort = Element<Service['spec']['ports']>;
export type Endpoint = Element<EndpointSlice['endpoints']>;
export type EndpointPort = Element<EndpointSlice['ports']>;
export type GrantFrom = Element<ReferenceGrant['spec']['from']>;
export type GrantTo = Element<ReferenceGrant['spec']['to']>;

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
}

/** What every object of the API carries, as far as it is read here. */
export interface ApiObject {
  readonly kind?: string;
  readonly metadata: {
    readonly namespace?: string;
    readonly name?: string;
    readonly generation?: number;
    readonly creationTimestamp?: string | null;
  };
}

export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

export function namespaceOf(object: ApiObject): string {
  return object.metadata.namespace ?? '';
}

export function nameOf(object: ApiObject): string {
  return object.metadata.name ?? '';
}

/** `namespace/name`. */
export function keyOf(object: ApiObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
}

/** Absent outside a cluster, where 0 stands for "the only one there is". */
export function generationOf(object: ApiObject): number {
  return object.metadata.generation ?? 0;
}

/** Milliseconds since the epoch; objects without a timestamp count as oldest. */
export function createdAtOf(object: ApiObject): number {
  const text = object.metadata.creationTimestamp;
  const at = typeof text === 'string' ? Date.parse(text) : 0;
  return Number.isFinite(at) ? at : 0;
}

/** An object's reference for findings and effects; cluster-scoped kinds have no namespace. */
export function refOf(kind: string, object: ApiObject, group: string = GATEWAY_GROUP): ObjectRef {
  const namespace = object.metadata.namespace;
  const name = nameOf(object);
  return namespace === undefined ? { group, kind, name } : { group, kind, namespace, name };
}

/** Older first, then by `namespace/name`: the precedence that the API uses for every conflict. */
export function compareAge(one: ApiObject, other: ApiObject): number {
  const age = createdAtOf(one) - createdAtOf(other);
  if (age !== 0) return age;
  return compareText(keyOf(one), keyOf(other));
}

/** By UTF-16 code units: the same order everywhere, unlike a locale's. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** For the `default` of an exhaustive `switch`; a value from a newer API lands here as well. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${String(value)}`);
}
