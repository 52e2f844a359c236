/**
 * WorldSnapshot: all that a reconcile may know. Objects are frozen, replaced and never edited, in
 * any order (what comes of them is sorted), so identity is a sound key for memoisation.
 *
 * Time, capabilities and acks are inputs. Private keys never enter: a Secret is reduced to
 * `SecretFacts` at the boundary.
 */
import type {
  BackendTLSPolicy,
  ConfigMap,
  EndpointSlice,
  Gateway,
  GatewayClass,
  GRPCRoute,
  HTTPRoute,
  ListenerSet,
  Namespace,
  NamespacedObjectMeta,
  ReferenceGrant,
  Service,
  TCPRoute,
  TLSRoute,
  UDPRoute,
} from '@sluice/spec';

export interface WorldSnapshot {
  readonly gatewayClasses: readonly GatewayClass[];
  readonly gateways: readonly Gateway[];
  readonly listenerSets: readonly ListenerSet[];
  readonly httpRoutes: readonly HTTPRoute[];
  readonly grpcRoutes: readonly GRPCRoute[];
  readonly tlsRoutes: readonly TLSRoute[];
  readonly tcpRoutes: readonly TCPRoute[];
  readonly udpRoutes: readonly UDPRoute[];
  readonly backendTlsPolicies: readonly BackendTLSPolicy[];
  readonly referenceGrants: readonly ReferenceGrant[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly secrets: readonly SecretFacts[];
  readonly configMaps: readonly ConfigMap[];
  readonly namespaces: readonly Namespace[];
  /** Objects beside Services that a Gateway may own, or whose names it may need. */
  readonly ownables: readonly OwnableObject[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly settings: Settings;
  readonly acks: readonly Ack[];
  readonly capabilities: Capabilities;
}

/** What counts for whose an object is: Deployment, ServiceAccount, Role, RoleBinding, Service. */
export interface OwnableObject {
  readonly kind: string;
  readonly metadata: Pick<
    NamespacedObjectMeta,
    'namespace' | 'name' | 'labels' | 'ownerReferences'
  >;
}

/** A Secret without its values: what the core may know. */
export interface SecretFacts {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  /** Present when `tls.crt` and `tls.key` form a usable pair. */
  readonly certificate?: CertificateFacts;
  /** Why they do not: names the key, what is wrong, what to do. Absent for other Secret types. */
  readonly problem?: string;
  /** PEM bundle under `ca.crt`, which is public; for trust anchors kept in Secrets. */
  readonly caCertificates?: string;
}

export interface CertificateFacts {
  /** SHA-256 over chain and key, hex. */
  readonly fingerprint: string;
  /** Subject alternative names of type DNS, lower case. */
  readonly dnsNames: readonly string[];
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface Settings {
  /** `sluice.dev/gateway-controller` unless configured otherwise. */
  readonly controllerName: string;
  /** Namespaces are known (a cluster) or every namespace that is named exists (`sluice dev`). */
  readonly namespaces: 'known' | 'implied';
  /** Gateway port → port to bind, where they differ (unprivileged laptops). */
  readonly portMapping: Readonly<Record<string, number>>;
  /** Ports below 1024 are bound this much higher, or at the next free one. Absent: as mapped. */
  readonly privilegedPortShift?: number;
  /** Ports that no shifted port may take: the data plane binds them itself. */
  readonly reservedPorts?: readonly number[];
  /** Addresses a Gateway may be given, by `namespace/name`; others have none assigned. */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** Values of `spec.addresses` that can be honoured. */
  readonly usableAddresses: readonly string[];
  /** Endpoints in 127.0.0.0/8 and ::1 may be dialled: only where there is no cluster. */
  readonly allowLoopbackEndpoints: boolean;
  /**
   * Gateways with more routes than this are not searched for matches that no request can reach,
   * which takes longer than all the rest of a turn. Absent: 2,000.
   */
  readonly reviewRoutesMax?: number;
  /** How data planes are made. Absent: they are there already (`sluice dev`). */
  readonly provisioning?: Provisioning;
}

export interface Provisioning {
  /** Of the data planes' containers. */
  readonly image: string;
  /** The controller's own: it writes the Secrets from which data planes take certificates. */
  readonly serviceAccount: { readonly namespace: string; readonly name: string };
}

/** A data plane says which config version it serves. */
export interface Ack {
  /** `namespace/name` of the Gateway. */
  readonly gateway: string;
  readonly version: string;
  /** Address of the Pod that says so; absent where a Gateway has one data plane, without Pods. */
  readonly instance?: string;
}

/** What the API server serves. */
export interface Capabilities {
  readonly channel: 'standard' | 'experimental';
}
