/**
 * The union of all objects that are read, told apart by `kind`.
 */
import type {
  ConfigMap,
  Deployment,
  EndpointSlice,
  Namespace,
  Pod,
  Secret,
  Service,
} from './core-types.ts';
import type {
  BackendTLSPolicy,
  Gateway,
  GatewayClass,
  GRPCRoute,
  HTTPRoute,
  ListenerSet,
  ReferenceGrant,
  TCPRoute,
  TLSRoute,
  UDPRoute,
  XBackend,
  XBackendTrafficPolicy,
  XMesh,
  XTelemetryPolicy,
} from './generated/types.ts';

export type KubernetesObject =
  | BackendTLSPolicy
  | ConfigMap
  | Deployment
  | EndpointSlice
  | Gateway
  | GatewayClass
  | GRPCRoute
  | HTTPRoute
  | ListenerSet
  | Namespace
  | Pod
  | ReferenceGrant
  | Secret
  | Service
  | TCPRoute
  | TLSRoute
  | UDPRoute
  | XBackend
  | XBackendTrafficPolicy
  | XMesh
  | XTelemetryPolicy;
