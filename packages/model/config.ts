/**
 * ProxyConfig: everything a data plane obeys, as plain JSON data.
 *
 * One ProxyConfig is one Gateway. It holds no private key: certificates are referenced by id and
 * travel on their own (see docs/adr/0003-config-path.md). Every list is in a deterministic order,
 * and no meaning depends on the order of `routes` or `backends`: precedence is a property of the
 * routes themselves (Gateway API, HTTPRoute "matches" and GEP on hostname precedence).
 *
 * Invariant: this package does not know Kubernetes. `namespace` and `name` are labels here.
 */

/** Names the object something came from, for logs, metrics, explain and status. */
export interface ObjectName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface ProxyConfig {
  /** Content-derived version; equal versions mean equal content. */
  readonly version: string;
  readonly gateway: ObjectName;
  readonly binds: readonly BindConfig[];
  /** Each route once, whatever the number of listeners it is attached to. */
  readonly routes: readonly HttpRouteConfig[];
  readonly backends: readonly BackendConfig[];
}

/** One socket: all listeners that share a port. */
export interface BindConfig {
  /** The port that the Gateway declares: what clients mean, what redirects name. */
  readonly port: number;
  /** The port to bind; differs from `port` where privileged ports are mapped. */
  readonly bindPort: number;
  readonly protocol: 'http' | 'https';
  /** Sorted most specific hostname first. */
  readonly listeners: readonly ListenerConfig[];
}

export interface ListenerConfig {
  /** The Gateway or ListenerSet that declares it. */
  readonly owner: ObjectName;
  /** Section name: unique within its owner. */
  readonly name: string;
  /** Lower case; `*.example.com` or exact; absent: every host. */
  readonly hostname?: string;
  readonly tls?: ListenerTlsConfig;
  /** Ids of `HttpRouteConfig` attached here. */
  readonly routes: readonly string[];
}

export interface ListenerTlsConfig {
  /** At least one; the first is the default, others are chosen by SNI. */
  readonly certificates: readonly CertificateRef[];
  readonly clientValidation?: ClientValidationConfig;
}

/** A certificate with its key, kept outside the config. `id` names, `fingerprint` versions it. */
export interface CertificateRef {
  /** `namespace/name` of the Secret. */
  readonly id: string;
  /** SHA-256 of the certificate chain and key in hex: a new pair is a new config version. */
  readonly fingerprint: string;
}

export interface ClientValidationConfig {
  /** PEM bundles of trust anchors; empty: nothing can be validated, every handshake fails. */
  readonly caCertificates: readonly string[];
  readonly mode: 'allow-valid-only' | 'allow-insecure-fallback';
}

export interface HttpRouteConfig {
  /** `kind/namespace/name`, unique in a config. */
  readonly id: string;
  readonly object: ObjectName;
  /** Milliseconds since the epoch; the older route wins a tie. */
  readonly createdAt: number;
  /** The route's own hostnames, lower case; empty: every host. */
  readonly hostnames: readonly string[];
  readonly rules: readonly RuleConfig[];
}

export interface RuleConfig {
  readonly name?: string;
  /** Never empty: a rule without matches matches the path prefix `/`. */
  readonly matches: readonly MatchConfig[];
  /** In the order the route gives them. */
  readonly filters: readonly FilterConfig[];
  /** Chosen by weight; empty and no redirect filter: 500. */
  readonly backends: readonly WeightedBackendConfig[];
  readonly timeouts?: TimeoutsConfig;
  readonly retry?: RetryConfig;
  /** Answer 500 to everything that matches: the rule itself is unusable (message says why). */
  readonly invalid?: string;
}

export interface MatchConfig {
  readonly path: PathMatchConfig;
  /** Upper-case token as written, case-sensitive. */
  readonly method?: string;
  readonly headers: readonly ValueMatchConfig[];
  readonly query: readonly ValueMatchConfig[];
}

export interface PathMatchConfig {
  /** `prefix` matches whole path elements: `/a` matches `/a` and `/a/b`, never `/ab`. */
  readonly kind: 'exact' | 'prefix' | 'regex';
  readonly value: string;
}

export interface ValueMatchConfig {
  /** Header names in lower case; query names as written. */
  readonly name: string;
  readonly kind: 'exact' | 'regex';
  readonly value: string;
}

export type FilterConfig =
  | RequestHeadersFilter
  | ResponseHeadersFilter
  | RedirectFilter
  | UrlRewriteFilter
  | MirrorFilter
  | CorsFilter;

export interface HeaderEditsConfig {
  readonly set: readonly HeaderConfig[];
  readonly add: readonly HeaderConfig[];
  /** Lower-case names. */
  readonly remove: readonly string[];
}

export interface HeaderConfig {
  readonly name: string;
  readonly value: string;
}

export interface RequestHeadersFilter extends HeaderEditsConfig {
  readonly kind: 'request-headers';
}

export interface ResponseHeadersFilter extends HeaderEditsConfig {
  readonly kind: 'response-headers';
}

export interface RedirectFilter {
  readonly kind: 'redirect';
  readonly statusCode: 301 | 302 | 303 | 307 | 308;
  readonly scheme?: 'http' | 'https';
  readonly hostname?: string;
  readonly port?: number;
  readonly path?: PathRewriteConfig;
}

export interface UrlRewriteFilter {
  readonly kind: 'url-rewrite';
  readonly hostname?: string;
  readonly path?: PathRewriteConfig;
}

/** `prefix` replaces the matched prefix of the rule's match that won. */
export interface PathRewriteConfig {
  readonly kind: 'full' | 'prefix';
  readonly value: string;
}

export interface MirrorFilter {
  readonly kind: 'mirror';
  /** Id of a BackendConfig. */
  readonly backend: string;
  /** Share of requests that are copied: numerator / denominator. */
  readonly numerator: number;
  readonly denominator: number;
}

/** GEP-1767. Origins may hold `*` as a wildcard; `*` alone allows every origin. */
export interface CorsFilter {
  readonly kind: 'cors';
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds: number;
}

export interface WeightedBackendConfig {
  /** Id of a BackendConfig; absent with `invalid`. */
  readonly backend?: string;
  /** Why its share of requests is answered 500. */
  readonly invalid?: string;
  /** 0 to 1,000,000; 0: never chosen. */
  readonly weight: number;
  /** Run after the rule's filters, for requests sent to this backend. */
  readonly filters: readonly FilterConfig[];
}

/** Milliseconds; absent or 0: no limit of the route's own. */
export interface TimeoutsConfig {
  /** Whole exchange as the client sees it, retries included. */
  readonly requestMs?: number;
  /** One try. */
  readonly backendRequestMs?: number;
}

export interface RetryConfig {
  /** Tries beyond the first; 0: never. */
  readonly attempts: number;
  /** Status codes 400 to 599 to retry on, sorted. */
  readonly codes: readonly number[];
  /** Base back-off, doubled at each try, with full jitter. */
  readonly backoffMs: number;
}

export interface BackendConfig {
  /** `kind/namespace/name:port`, unique in a config. */
  readonly id: string;
  readonly object: ObjectName;
  readonly port: number;
  readonly protocol: UpstreamProtocol;
  /** Absent: plaintext. Present: never plaintext. */
  readonly tls?: UpstreamTlsConfig;
  /** Sorted by address, then port. Empty: 503. */
  readonly endpoints: readonly EndpointConfig[];
}

/** What a backend's certificate is checked against (Gateway API, BackendTLSPolicy). */
export interface UpstreamTlsConfig {
  /** Server name sent to the backend; its certificate must be for it unless names are listed. */
  readonly serverName: string;
  /** The certificate must hold at least one of these. Empty: `serverName`. */
  readonly subjectAltNames: readonly SubjectAltNameConfig[];
  /** PEM bundles of trust anchors; absent: those of the system. */
  readonly caCertificates?: readonly string[];
  /** Shown to the backend if it asks. */
  readonly clientCertificate?: CertificateRef;
}

export interface SubjectAltNameConfig {
  readonly kind: 'dns' | 'uri';
  /** DNS names in lower case, perhaps `*.` and a suffix; URIs as written. */
  readonly value: string;
}

export type UpstreamProtocol = 'http1' | 'h2c' | 'websocket';

export interface EndpointConfig {
  /** IPv4 or IPv6 literal without brackets. */
  readonly address: string;
  readonly port: number;
  /** Name of the Pod, when known. */
  readonly target?: string;
}
