/** Fetches what Pods need: Secrets, ConfigMaps, tokens of their service accounts. */
import { ApiError, type Client } from '@sluice/kube';
import { type Materials, type Need, needKey, podNeeds, readData, tokenKey } from './materials.ts';
import type { Pod } from './pod.ts';
import { configMaps, secrets } from './resources.ts';

export interface MaterialSource {
  readonly client: Client;
  /** PEM. */
  readonly certificateAuthority: string;
}

/** Where Pods find the API server's authority: the kubelet knows it, nobody need publish it. */
const authorityConfigMap = 'kube-root-ca.crt';

/** Rejects with what is missing; the optional may be. */
export async function fetchMaterials(pod: Pod, source: MaterialSource): Promise<Materials> {
  const found = new Map<string, ReadonlyMap<string, Buffer>>();
  for (const need of podNeeds(pod)) {
    try {
      found.set(needKey(need.kind, need.name), await fetchNeed(need, pod, source));
    } catch (error) {
      const absent = error instanceof ApiError && error.code === 404;
      if (!absent) throw error;
      if (!need.optional) throw new Error(absence(need, pod), { cause: error });
    }
  }
  return found;
}

async function fetchNeed(
  need: Need,
  pod: Pod,
  { client, certificateAuthority }: MaterialSource,
): Promise<ReadonlyMap<string, Buffer>> {
  const { kind, name } = need;
  const { namespace } = pod.metadata;
  switch (kind) {
    case 'Secret':
      return readData(await client.get(secrets, { namespace, name }));
    case 'ConfigMap':
      return name === authorityConfigMap
        ? new Map([['ca.crt', Buffer.from(certificateAuthority)]])
        : readData(await client.get(configMaps, { namespace, name }));
    case 'Token':
      return new Map([[tokenKey, await requestToken(need, pod, client)]]);
    default:
      throw new TypeError(`not a need: ${String(kind satisfies never)}`);
  }
}

/** Bound to the Pod: it is void once the Pod is gone. */
async function requestToken(
  { name: audience, expirationSeconds }: Need,
  { metadata, spec }: Pod,
  client: Client,
): Promise<Buffer> {
  const { namespace, name, uid } = metadata;
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/${accountName(spec)}`;
  const answer = await client.request('POST', `${account}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {
      ...(audience !== '' && { audiences: [audience] }),
      expirationSeconds,
      boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
    },
  });
  const { status } = answer as { status: { token: string } };
  return Buffer.from(status.token);
}

function absence({ kind, name }: Need, { metadata, spec }: Pod): string {
  return kind === 'Token'
    ? `ServiceAccount ${metadata.namespace}/${accountName(spec)} does not exist yet`
    : `${kind} ${metadata.namespace}/${name} does not exist yet`;
}

function accountName({ serviceAccountName }: Pod['spec']): string {
  return serviceAccountName ?? 'default';
}
