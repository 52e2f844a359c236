/**
 * Every condition type and reason this controller writes, in one table per kind of object.
 *
 * Names are the API's own (apis/v1/*_types.go); the few that the API leaves to implementations are
 * marked `own`. Code names reasons only through these tables, so that the table is exhaustive.
 */

export const CONDITION = {
  accepted: 'Accepted',
  addressesAssigned: 'AddressesAssigned',
  conflicted: 'Conflicted',
  insecureFrontendValidationMode: 'InsecureFrontendValidationMode',
  overlappingTlsConfig: 'OverlappingTLSConfig',
  partiallyInvalid: 'PartiallyInvalid',
  programmed: 'Programmed',
  resolvedRefs: 'ResolvedRefs',
  supportedVersion: 'SupportedVersion',
} as const;

export const CLASS_REASON = {
  accepted: 'Accepted',
  invalidParameters: 'InvalidParameters',
  supportedVersion: 'SupportedVersion',
  unsupportedVersion: 'UnsupportedVersion',
} as const;

export const GATEWAY_REASON = {
  accepted: 'Accepted',
  addressesAssigned: 'AddressesAssigned',
  addressesNotAssigned: 'NotAssigned',
  addressesPartiallyAssigned: 'PartiallyAssigned',
  addressNotAssigned: 'AddressNotAssigned',
  addressNotUsable: 'AddressNotUsable',
  configurationChanged: 'ConfigurationChanged',
  invalid: 'Invalid',
  invalidClientCertificateRef: 'InvalidClientCertificateRef',
  invalidParameters: 'InvalidParameters',
  listenersNotResolved: 'ListenersNotResolved',
  listenersNotValid: 'ListenersNotValid',
  pending: 'Pending',
  programmed: 'Programmed',
  refNotPermitted: 'RefNotPermitted',
  resolvedRefs: 'ResolvedRefs',
  unsupportedAddress: 'UnsupportedAddress',
} as const;

export const LISTENER_REASON = {
  accepted: 'Accepted',
  hostnameConflict: 'HostnameConflict',
  invalid: 'Invalid',
  invalidCaCertificateKind: 'InvalidCACertificateKind',
  invalidCaCertificateRef: 'InvalidCACertificateRef',
  invalidCertificateRef: 'InvalidCertificateRef',
  invalidRouteKinds: 'InvalidRouteKinds',
  noConflicts: 'NoConflicts',
  noValidCaCertificate: 'NoValidCACertificate',
  overlappingCertificates: 'OverlappingCertificates',
  overlappingHostnames: 'OverlappingHostnames',
  pending: 'Pending',
  portUnavailable: 'PortUnavailable',
  programmed: 'Programmed',
  protocolConflict: 'ProtocolConflict',
  refNotPermitted: 'RefNotPermitted',
  resolvedRefs: 'ResolvedRefs',
  unsupportedProtocol: 'UnsupportedProtocol',
  unsupportedValue: 'UnsupportedValue',
} as const;

export const LISTENER_SET_REASON = {
  accepted: 'Accepted',
  listenersNotValid: 'ListenersNotValid',
  notAllowed: 'NotAllowed',
  parentNotAccepted: 'ParentNotAccepted',
  parentNotProgrammed: 'ParentNotProgrammed',
  programmed: 'Programmed',
} as const;

export const ROUTE_REASON = {
  accepted: 'Accepted',
  backendNotFound: 'BackendNotFound',
  incompatibleFilters: 'IncompatibleFilters',
  invalidKind: 'InvalidKind',
  noMatchingListenerHostname: 'NoMatchingListenerHostname',
  noMatchingParent: 'NoMatchingParent',
  notAllowedByListeners: 'NotAllowedByListeners',
  refNotPermitted: 'RefNotPermitted',
  resolvedRefs: 'ResolvedRefs',
  unsupportedProtocol: 'UnsupportedProtocol',
  unsupportedValue: 'UnsupportedValue',
  /** own: a backend whose BackendTLSPolicy cannot be honoured must not be dialled in plaintext. */
  invalidTlsPolicy: 'InvalidBackendTLSPolicy',
  /** own: every endpoint of a backend points into the data plane itself. */
  unsafeEndpoints: 'UnsafeEndpoints',
} as const;

export const POLICY_REASON = {
  accepted: 'Accepted',
  conflicted: 'Conflicted',
  invalidCaCertificateRef: 'InvalidCACertificateRef',
  invalidKind: 'InvalidKind',
  noValidCaCertificate: 'NoValidCACertificate',
  resolvedRefs: 'ResolvedRefs',
} as const;

/** Findings that explain no condition. */
export const NOTICE_REASON = {
  annotationNotAllowed: 'AnnotationNotAllowed',
  certificateExpired: 'CertificateExpired',
  certificateHostnameMismatch: 'CertificateHostnameMismatch',
  certificateNotYetValid: 'CertificateNotYetValid',
  listenerNotServing: 'ListenerNotServing',
  noEndpoints: 'NoEndpoints',
  notReviewed: 'NotReviewed',
  notSupportedYet: 'NotSupportedYet',
  shadowedMatch: 'ShadowedMatch',
  unknownClass: 'GatewayClassNotFound',
  unknownParent: 'ParentNotFound',
  unreachableMatch: 'UnreachableMatch',
  unsafeEndpoint: 'UnsafeEndpoint',
} as const;
