/**
 * What a Pod needs beside its own object before it can start, and what was found of it.
 *
 * Secrets, ConfigMaps and service-account tokens are named here, and fetched elsewhere.
 */
import type { KeyedSource, Pod, ProjectedSource, Volume } from './pod.ts';

export interface Need {
  readonly kind: 'Secret' | 'ConfigMap' | 'Token';
  /** Of the Secret or ConfigMap; the audience of a token, '' being the API server's own. */
  readonly name: string;
  readonly optional: boolean;
  /** How long a token is good for, as the Pod asks. */
  readonly expirationSeconds?: number;
}

/** Found data by `needKey`; a key holds its octets. */
export type Materials = ReadonlyMap<string, ReadonlyMap<string, Buffer>>;

/** Timers cannot wait for much longer than a few weeks. */
const renewalSecondsMax = 24 * 3600;
/** What a Pod that does not say how long its token is to live gets. */
const defaultTokenSeconds = 3600;

/** The one key of a token's data. */
export const tokenKey = 'token';

export function needKey(kind: Need['kind'], name: string): string {
  return `${kind}/${name}`;
}

/** Each once; one that is needed somewhere is not optional. */
export function podNeeds({ spec }: Pod): readonly Need[] {
  const needs = [
    ...(spec.volumes ?? []).flatMap(volumeNeeds),
    ...[...(spec.initContainers ?? []), ...spec.containers].flatMap(({ env }) =>
      (env ?? []).flatMap(({ valueFrom }) => [
        ...keyed('Secret', valueFrom?.secretKeyRef),
        ...keyed('ConfigMap', valueFrom?.configMapKeyRef),
      ]),
    ),
  ];
  const byKey = new Map<string, Need>();
  for (const need of needs) {
    const key = needKey(need.kind, need.name);
    const optional = need.optional && (byKey.get(key)?.optional ?? true);
    byKey.set(key, { ...need, optional });
  }
  return [...byKey.values()];
}

/** After how many seconds a Pod's tokens are to be replaced, well before any expires. */
export function tokenRenewalSeconds(pod: Pod): number | undefined {
  const seconds = podNeeds(pod).flatMap(({ expirationSeconds }) => expirationSeconds ?? []);
  return seconds.length === 0 ? undefined : Math.min(...seconds, renewalSecondsMax) * 0.8;
}

/** The octets of a Secret's or ConfigMap's keys. */
export function readData(object: unknown): ReadonlyMap<string, Buffer> {
  const { kind, data, binaryData } = object as {
    kind: string;
    data?: Record<string, string>;
    binaryData?: Record<string, string>;
  };
  const encoding = kind === 'Secret' ? 'base64' : 'utf8';
  return new Map([
    ...Object.entries(data ?? {}).map(([key, text]) => [key, Buffer.from(text, encoding)] as const),
    ...Object.entries(binaryData ?? {}).map(
      ([key, text]) => [key, Buffer.from(text, 'base64')] as const,
    ),
  ]);
}

function volumeNeeds(volume: Volume): readonly Need[] {
  const { secret } = volume;
  return [
    ...keyed('Secret', secret && { name: secret.secretName, ...secret }),
    ...keyed('ConfigMap', volume.configMap),
    ...(volume.projected?.sources ?? []).flatMap(projectedNeeds),
  ];
}

function projectedNeeds({ secret, configMap, serviceAccountToken }: ProjectedSource): Need[] {
  const token = serviceAccountToken;
  return [
    ...keyed('Secret', secret),
    ...keyed('ConfigMap', configMap),
    ...(token === undefined
      ? []
      : [
          {
            kind: 'Token' as const,
            name: token.audience ?? '',
            optional: false,
            expirationSeconds: token.expirationSeconds ?? defaultTokenSeconds,
          },
        ]),
  ];
}

function keyed(
  kind: Need['kind'],
  source: Pick<KeyedSource, 'name' | 'optional'> | undefined,
): Need[] {
  return source ? [{ kind, name: source.name, optional: source.optional ?? false }] : [];
}
