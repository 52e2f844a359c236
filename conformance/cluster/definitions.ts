/**
 * The Gateway API's own definitions, of the release that the suite belongs to: the same Go module
 * has both, so they can't differ.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createClient, type KubeObject, type Resource, readKubeconfig } from '@sluice/kube';
import { parse } from 'yaml';
import { buildVariables } from '../build/go-module.ts';

export type Channel = 'standard' | 'experimental';

const admission = { group: 'admissionregistration.k8s.io', version: 'v1', namespaced: false };
const definition: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
};
const policy: Resource = {
  ...admission,
  plural: 'validatingadmissionpolicies',
  kind: 'ValidatingAdmissionPolicy',
};
const binding: Resource = {
  ...admission,
  plural: 'validatingadmissionpolicybindings',
  kind: 'ValidatingAdmissionPolicyBinding',
};
const kinds = new Map([definition, policy, binding].map((resource) => [resource.kind, resource]));

const waitMsMax = 60_000;
const pollMs = 100;
const run = promisify(execFile);

/** Into a cluster that has none of them yet. Resolves when all are served. */
export async function installDefinitions(kubeconfig: string, channel: Channel): Promise<void> {
  const objects = readObjects(await moduleDirectory(), channel);
  const access = await readKubeconfig({ path: kubeconfig });
  const client = createClient(access, { timeoutMs: waitMsMax });
  try {
    // All at once: the server reads large schemas slowly, but many of them side by side.
    await Promise.all(
      objects.map((object) =>
        client.create(resourceOf(object), object, { fieldValidation: 'Warn' }),
      ),
    );
    const deadline = performance.now() + waitMsMax;
    for (;;) {
      const { items } = await client.list(definition);
      const waiting = items.filter((item) => !isEstablished(item));
      if (waiting.length === 0) return;
      if (performance.now() > deadline) {
        throw new Error(`not established: ${waiting.map((item) => item.metadata.name).join(', ')}`);
      }
      await delay(pollMs);
    }
  } finally {
    client.close();
  }
}

async function moduleDirectory(): Promise<string> {
  const { stdout } = await run('go', ['mod', 'download', '-json', 'sigs.k8s.io/gateway-api'], {
    cwd: resolve(import.meta.dirname, '../suite'),
    env: { ...process.env, ...buildVariables },
  });
  return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
}

function readObjects(module: string, channel: Channel): KubeObject[] {
  const folder = join(module, 'config/crd', channel);
  const names = readdirSync(folder).filter((name) => /^gateway\..*\.yaml$/.test(name));
  return names.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split(/^---$/m)
      .map((text) => parse(text) as KubeObject | null)
      .filter((object) => object !== null),
  );
}

function resourceOf({ kind, metadata }: KubeObject): Resource {
  const resource = kinds.get(kind);
  if (resource === undefined) throw new Error(`${metadata.name}: ${kind} is no definition`);
  return resource;
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

function isEstablished({ status }: KubeObject): boolean {
  const { conditions } = (status ?? {}) as { readonly conditions?: readonly Condition[] | null };
  return conditions?.some((it) => it.type === 'Established' && it.status === 'True') ?? false;
}
