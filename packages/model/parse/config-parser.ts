/**
 * Reads a ProxyConfig from JSON of unknown origin (`sluice gateway --config FILE`). What passes
 * is trusted from then on: no name, address, header or pattern needs another look.
 */

import type {
  BackendConfig,
  BindConfig,
  CertificateRef,
  EndpointConfig,
  HttpRouteConfig,
  ListenerConfig,
  ListenerTlsConfig,
  ObjectName,
  ProxyConfig,
  SubjectAltNameConfig,
  UpstreamTlsConfig,
} from '../config.ts';
import type { ConfigProblem } from '../problem.ts';
import { type Decoder, INVALID, integer, list, object, oneOf, optional, text } from './decoder.ts';
import { findReferenceProblems } from './references.ts';
import { rule } from './rule-decoder.ts';
import { anyText, hostname, ipAddress, nonEmptyText, port } from './scalars.ts';

export type ParsedConfig =
  | { readonly ok: true; readonly config: ProxyConfig }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** `json`: the result of `JSON.parse`. Problems come in the order of the file, all of them. */
export function parseProxyConfig(json: unknown): ParsedConfig {
  const problems: ConfigProblem[] = [];
  const config = proxyConfig.decode(json, '', problems);
  if (config === INVALID) return { ok: false, problems };
  problems.push(...findReferenceProblems(config));
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
}

export const objectName: Decoder<ObjectName> = object<ObjectName>({
  kind: nonEmptyText,
  namespace: anyText,
  name: nonEmptyText,
});

const certificate: Decoder<CertificateRef> = object<CertificateRef>({
  id: nonEmptyText,
  fingerprint: nonEmptyText,
});

const tls: Decoder<ListenerTlsConfig> = object<ListenerTlsConfig>({
  certificates: list(certificate, { minItems: 1 }),
  clientValidation: optional(
    object({
      caCertificates: list(nonEmptyText),
      mode: oneOf('allow-valid-only', 'allow-insecure-fallback'),
    }),
  ),
});

export const listenerFields = {
  owner: objectName,
  name: nonEmptyText,
  hostname: optional(hostname),
  tls: optional(tls),
};

const listener: Decoder<ListenerConfig> = object<ListenerConfig>({
  ...listenerFields,
  routes: list(nonEmptyText),
});

export const bindFields = { port, bindPort: port, protocol: oneOf('http', 'https') };

const bind: Decoder<BindConfig> = object<BindConfig>({ ...bindFields, listeners: list(listener) });

export const route: Decoder<HttpRouteConfig> = object<HttpRouteConfig>({
  id: nonEmptyText,
  object: objectName,
  createdAt: integer(0, Number.MAX_SAFE_INTEGER),
  hostnames: list(hostname),
  rules: list(rule),
});

const endpoint: Decoder<EndpointConfig> = object<EndpointConfig>({
  address: ipAddress,
  port,
  target: optional(anyText),
});

const upstreamTls: Decoder<UpstreamTlsConfig> = object<UpstreamTlsConfig>({
  serverName: hostname,
  subjectAltNames: list(
    object<SubjectAltNameConfig>({ kind: oneOf('dns', 'uri'), value: nonEmptyText }),
  ),
  caCertificates: optional(list(nonEmptyText, { minItems: 1 })),
  clientCertificate: optional(certificate),
});

export const backend: Decoder<BackendConfig> = object<BackendConfig>({
  id: nonEmptyText,
  object: objectName,
  port,
  protocol: oneOf('http1', 'h2c', 'websocket'),
  tls: optional(upstreamTls),
  endpoints: list(endpoint),
});

const proxyConfig: Decoder<ProxyConfig> = object<ProxyConfig>({
  version: text((value) => value !== '', 'a version'),
  gateway: objectName,
  binds: list(bind),
  routes: list(route),
  backends: list(backend),
});
