/**
 * Spec marks: the section of the API's own documentation, or the GEP, behind each finding.
 *
 * A mark pairs a finding with the goldens and tests that show it (docs/spec.md). Names are Go types
 * and fields of apis/v1, or GEP numbers: see https://gateway-api.sigs.k8s.io.
 */
export const SPEC = {
  addresses: 'GatewaySpec.addresses',
  allowedListeners: 'GEP-1713 allowedListeners',
  allowedRoutes: 'Listener.allowedRoutes',
  backendRefs: 'HTTPBackendRef',
  backendTlsPolicy: 'GEP-1897 BackendTLSPolicy',
  certificateExpiry: 'ListenerTLSConfig.certificateRefs',
  certificateRefs: 'ListenerTLSConfig.certificateRefs',
  clientCertificateRef: 'GEP-3155 clientCertificateRef',
  clientValidation: 'GEP-91 FrontendTLSValidation',
  defaultGateways: 'GEP-3793 default Gateways',
  distinctListeners: 'GatewaySpec.listeners distinct',
  endpoints: 'HTTPRouteRule.backendRefs endpoints',
  extensionRef: 'HTTPRouteFilter.extensionRef',
  externalAuth: 'GEP-1494 ExternalAuth',
  filters: 'HTTPRouteRule.filters',
  gatewayObjects: 'GatewaySpec.infrastructure objects',
  gatewayClass: 'GatewayClassSpec.parametersRef',
  gatewayClassName: 'GatewaySpec.gatewayClassName',
  hostnames: 'HTTPRouteSpec.hostnames',
  infrastructure: 'GEP-1867 infrastructure.parametersRef',
  listenerConflicts: 'GEP-1713 listener precedence',
  listenerFilters: 'GEP-5224 listener filters',
  listenerProtocol: 'Listener.protocol',
  listenerSet: 'GEP-1713 ListenerSet',
  matches: 'HTTPRouteRule.matches',
  mirrors: 'HTTPRequestMirrorFilter.backendRef',
  overlappingTls: 'GEP-3567 OverlappingTLSConfig',
  parentRefs: 'CommonRouteSpec.parentRefs',
  pathModifier: 'HTTPPathModifier.replacePrefixMatch',
  precedence: 'HTTPRouteRule.matches precedence',
  redirect: 'HTTPRequestRedirectFilter',
  referenceGrant: 'GEP-709 ReferenceGrant',
  routeKinds: 'Listener.allowedRoutes.kinds',
  serviceTypes: 'BackendObjectReference.kind ExternalName',
  sessionPersistence: 'GEP-1619 session persistence',
  timeouts: 'GEP-1742 timeouts',
} as const;

export type SpecMark = (typeof SPEC)[keyof typeof SPEC];
