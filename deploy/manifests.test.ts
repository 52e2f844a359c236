/** The two ways to install say the same, in versions and flags that there are. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';

const repository = join(import.meta.dirname, '..');
const chart = 'deploy/helm/sluice';

function read(path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

function documents(path: string): Record<string, unknown>[] {
  return parseAllDocuments(read(path)).map((it) => it.toJS() as Record<string, unknown>);
}

const { version } = JSON.parse(read('apps/sluice/package.json')) as { readonly version: string };

describe('manifests', () => {
  test('everything is of the version of the command', () => {
    const { images } = parse(read('deploy/kustomize/kustomization.yaml')) as {
      readonly images: readonly { readonly newTag: string }[];
    };
    assert.deepEqual(
      images.map(({ newTag }) => newTag),
      [version],
    );
    const about = parse(read(`${chart}/Chart.yaml`)) as Record<string, unknown>;
    assert.deepEqual([about['version'], about['appVersion']], [version, version]);
    for (const path of ['deploy/Containerfile', 'examples/cluster/shop.yaml']) {
      const tags = [...read(path).matchAll(/\bsluice:(\d[\w.-]*)/g)].map((match) => match[1]);
      assert.deepEqual(tags, [version], path);
    }
  });

  test('the chart takes its roles from the files that Kustomize takes, and has no others', () => {
    const templates = readdirSync(join(repository, chart, 'templates')).map((name) =>
      read(`${chart}/templates/${name}`),
    );
    const included = templates.flatMap((text) => [...text.matchAll(/\.Files\.Get "([^"]+)"/g)]);
    assert.deepEqual(
      included.map((match) => match[1]),
      ['rbac/cluster-roles.yaml', 'rbac/role.yaml'],
    );
    for (const text of templates) {
      assert.doesNotMatch(text, /^kind: (Cluster)?Role$/m);
      assert.doesNotMatch(text, /^rules:/m);
    }
    const { resources } = parse(read(`${chart}/rbac/kustomization.yaml`)) as {
      readonly resources: readonly string[];
    };
    assert.deepEqual(
      resources.map((name) => `rbac/${name}`),
      included.map((match) => match[1]),
    );
    const kustomization = read('deploy/kustomize/kustomization.yaml');
    assert.match(kustomization, /^ {2}- \.\.\/helm\/sluice\/rbac$/m);
  });

  test('the Pod is the same, but for what values may change', () => {
    const [deployment] = documents('deploy/kustomize/controller.yaml');
    const lines = (text: string): string[] => text.split('\n').map((line) => line.trim());
    const template = new Set(lines(read(`${chart}/templates/controller.yaml`)));
    const values = new Set(lines(read(`${chart}/values.yaml`)));
    const own = lines(read('deploy/kustomize/controller.yaml'))
      .filter((line) => line !== '' && !line.startsWith('#'))
      .filter((line) => !template.has(line) && !values.has(line));
    assert.equal(deployment?.['kind'], 'Deployment');
    assert.deepEqual(
      own,
      [
        'namespace: sluice-system',
        'replicas: 2',
        'app.kubernetes.io/name: sluice',
        'app.kubernetes.io/name: sluice',
        'app.kubernetes.io/name: sluice',
        'image: sluice',
        '- --image=sluice',
        '- --controller-name=sluice.dev/gateway-controller',
      ].filter((line) => !values.has(line)),
    );
  });
});
