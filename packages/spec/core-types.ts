/**
 * The Kubernetes kinds beside the Gateway API: the fields that are read, with the defaults that an
 * API server fills in. Their schemas are in `core-schemas.ts`.
 *
 * https://kubernetes.io/docs/reference/kubernetes-api/
 */
import type { LabelSelector } from './generated/types.ts';
import type { NamespacedObjectMeta, ObjectMeta } from './metadata.ts';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface Service {
  readonly apiVersion: 'v1';
  readonly kind: 'Service';
  readonly metadata: NamespacedObjectMeta;
  readonly spec: ServiceSpec;
  /** Only where there is a cluster. */
  readonly status?: ServiceStatus;
}

export interface ServiceStatus {
  /** Where the load balancer is reached: an `ip` or a `hostname` each. */
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
  };
}

export interface ServiceSpec {
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly ports?: readonly ServicePort[];
  readonly selector?: Readonly<Record<string, string>>;
  /** `None`: headless. */
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly externalName?: string;
  readonly loadBalancerIP?: string;
}

export interface ServicePort {
  readonly name?: string;
  readonly protocol: Protocol;
  /** `kubernetes.io/h2c`, `kubernetes.io/ws`, … */
  readonly appProtocol?: string;
  readonly port: number;
  /** A port or the name of a container's port; the API server fills in `port`. */
  readonly targetPort: number | string;
  readonly nodePort?: number;
}

export interface EndpointSlice {
  readonly apiVersion: 'discovery.k8s.io/v1';
  readonly kind: 'EndpointSlice';
  /** Label `kubernetes.io/service-name` names the Service. */
  readonly metadata: NamespacedObjectMeta;
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN';
  readonly endpoints: readonly Endpoint[];
  readonly ports?: readonly EndpointPort[];
}

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: EndpointConditions;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly zone?: string;
  readonly targetRef?: {
    readonly kind?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
  };
}

/** An absent `ready` or `serving` means yes, an absent `terminating` means no. */
export interface EndpointConditions {
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
}

export interface EndpointPort {
  /** Same as the Service port's name; empty when that has none. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly port?: number;
  readonly appProtocol?: string;
}

export interface Secret {
  readonly apiVersion: 'v1';
  readonly kind: 'Secret';
  readonly metadata: NamespacedObjectMeta;
  readonly type: string;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
  /** Plain text, wins over `data`. Only in files: an API server moves it into `data`. */
  readonly stringData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}

export interface ConfigMap {
  readonly apiVersion: 'v1';
  readonly kind: 'ConfigMap';
  readonly metadata: NamespacedObjectMeta;
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}

export interface Namespace {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace';
  /** Label `kubernetes.io/metadata.name` is always there. */
  readonly metadata: ObjectMeta;
}

export interface Deployment {
  readonly apiVersion: 'apps/v1';
  readonly kind: 'Deployment';
  readonly metadata: NamespacedObjectMeta;
  readonly spec: {
    readonly replicas: number;
    readonly selector: LabelSelector;
    readonly template: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec: PodSpec;
    };
  };
}

export interface Pod {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: NamespacedObjectMeta;
  readonly spec: PodSpec;
}

export interface PodSpec {
  readonly containers: readonly Container[];
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly ContainerPort[];
}

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol: Protocol;
}
