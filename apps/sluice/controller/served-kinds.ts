/** What the API server serves of the Gateway API: kinds, versions, channel. */
import type { Client } from '@sluice/kube';
import { isAbsent } from '../cluster/failure.ts';
import { isRecord } from './json-comparison.ts';

export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

export interface ServedKinds {
  /** Of the CRDs: which fields there are. */
  readonly channel: 'standard' | 'experimental';
  /** Built-in kinds are always served. */
  isServed(group: string, kind: string, version: string): boolean;
}

const CHANNEL_ANNOTATION = 'gateway.networking.k8s.io/channel';
const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Rejects when the API server can't be asked. */
export async function findServedKinds(client: Client): Promise<ServedKinds> {
  const group = await getIfThere(client, `/apis/${GATEWAY_GROUP}`);
  const versions = listOf(group, 'versions').flatMap((each) => namesIn(each, 'version'));
  const served = new Set<string>();
  for (const version of versions) {
    const answer = await getIfThere(client, `/apis/${GATEWAY_GROUP}/${version}`);
    for (const resource of listOf(answer, 'resources')) {
      for (const kind of namesIn(resource, 'kind')) served.add(`${version}/${kind}`);
    }
  }
  return {
    channel: await findChannel(client),
    isServed: (name, kind, version) => name !== GATEWAY_GROUP || served.has(`${version}/${kind}`),
  };
}

/** Without the annotation, or the right to read it, only what every channel has is safe. */
async function findChannel(client: Client): Promise<ServedKinds['channel']> {
  const crd = await client
    .request('GET', `${CRDS}/gateways.${GATEWAY_GROUP}`)
    .catch(() => undefined);
  const metadata = isRecord(crd) ? crd['metadata'] : undefined;
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  const channel = isRecord(annotations) ? annotations[CHANNEL_ANNOTATION] : undefined;
  return channel === 'experimental' ? 'experimental' : 'standard';
}

async function getIfThere(client: Client, path: string): Promise<unknown> {
  try {
    return await client.request('GET', path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function listOf(value: unknown, field: string): readonly unknown[] {
  const list = isRecord(value) ? value[field] : undefined;
  return Array.isArray(list) ? list : [];
}

function namesIn(value: unknown, field: string): readonly string[] {
  const text = isRecord(value) ? value[field] : undefined;
  return typeof text === 'string' ? [text] : [];
}
