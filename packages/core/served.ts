/**
 * What this version serves, as data: protocols, route kinds, feature names.
 *
 * `GatewayClass.status.supportedFeatures` is a promise: a name stands here only when goldens or
 * end-to-end tests show the feature.
 */
import type { Capabilities } from './snapshot.ts';

/** Route kinds that each listener protocol carries; an absent protocol is not served. */
const ROUTE_KINDS: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute'],
  HTTPS: ['HTTPRoute'],
};

export function routeKindsOf(protocol: string): readonly string[] {
  return Object.hasOwn(ROUTE_KINDS, protocol) ? (ROUTE_KINDS[protocol] ?? []) : [];
}

export function isServedProtocol(protocol: string): boolean {
  return Object.hasOwn(ROUTE_KINDS, protocol);
}

/** In order: the API keeps the list as a sorted set. */
const STANDARD_FEATURES: readonly string[] = [
  'BackendTLSPolicy',
  'BackendTLSPolicySANValidation',
  'Gateway',
  'GatewayAddressEmpty',
  'GatewayBackendClientCertificate',
  'GatewayFrontendClientCertificateValidation',
  'GatewayFrontendClientCertificateValidationInsecureFallback',
  'GatewayHTTPListenerIsolation',
  'GatewayInfrastructure',
  'GatewayPort8080',
  'GatewayRouteHostnameIntersectionPrecedence',
  'GatewayStaticAddresses',
  'HTTPRoute',
  'HTTPRoute303RedirectStatusCode',
  'HTTPRoute307RedirectStatusCode',
  'HTTPRoute308RedirectStatusCode',
  'HTTPRouteBackendProtocolWebSocket',
  'HTTPRouteBackendRequestHeaderModification',
  'HTTPRouteBackendTimeout',
  'HTTPRouteBackendURLRewrite',
  'HTTPRouteCORS',
  'HTTPRouteHostRewrite',
  'HTTPRouteMethodMatching',
  'HTTPRouteNamedRouteRule',
  'HTTPRouteParentRefPort',
  'HTTPRoutePathRedirect',
  'HTTPRoutePathRewrite',
  'HTTPRoutePortRedirect',
  'HTTPRouteQueryParamMatching',
  'HTTPRouteRequestMirror',
  'HTTPRouteRequestMultipleMirrors',
  'HTTPRouteRequestPercentageMirror',
  'HTTPRouteRequestTimeout',
  'HTTPRouteResponseHeaderModification',
  'HTTPRouteRetryCodes',
  'HTTPRouteRetryConnectionError',
  'HTTPRouteSchemeRedirect',
  'ListenerSet',
  'ReferenceGrant',
];

const EXPERIMENTAL_FEATURES: readonly string[] = [
  'GatewayAddressRoutability',
  'HTTPRouteDestinationPortMatching',
];

/** Feature names to publish on this channel, sorted. */
export function supportedFeatures(capabilities: Capabilities): readonly string[] {
  if (capabilities.channel === 'standard') return STANDARD_FEATURES;
  return [...STANDARD_FEATURES, ...EXPERIMENTAL_FEATURES].sort();
}
