/** The shipped roles grant what the controller does, and nothing else. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import {
  CONTROLLER,
  PERMISSIONS,
  type Permission,
  REFUSED_PERMISSIONS,
  WRITER,
} from './permissions.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules: readonly Rule[];
}

const rbac = join(import.meta.dirname, '../../../deploy/helm/sluice/rbac');
const roles = ['cluster-roles.yaml', 'role.yaml'].flatMap((file) =>
  parseAllDocuments(readFileSync(join(rbac, file), 'utf8')).map((it) => it.toJS() as Role),
);

function rulesOf(kind: string, name: string): readonly Rule[] {
  const role = roles.find((it) => it.kind === kind && it.metadata.name === name);
  assert.ok(role, `${kind} ${name} is not there`);
  return role.rules;
}

/** One line for each right, such as `get apps:deployments` or `bind GROUP:clusterroles NAME`. */
function rightsOf(rules: readonly Rule[]): string[] {
  return rules.flatMap(({ apiGroups, resources, resourceNames = [''], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        resourceNames.flatMap((name) => verbs.map((verb) => right(verb, group, resource, name))),
      ),
    ),
  );
}

function neededRights(permissions: readonly Permission[]): string[] {
  return permissions.flatMap(({ group, resource, verbs, name = '' }) =>
    verbs.map((verb) => right(verb, group, resource, name)),
  );
}

function right(verb: string, group: string, resource: string, name: string): string {
  return `${verb} ${group}:${resource}${name === '' ? '' : ` ${name}`}`;
}

const inAllNamespaces = PERMISSIONS.filter(({ scope }) => scope === undefined);
const inOwnNamespace = PERMISSIONS.filter(({ scope }) => scope === 'own-namespace');

describe('shipped roles', () => {
  test('the ClusterRole grants what the controller does, no less and no more', () => {
    const granted = rightsOf(rulesOf('ClusterRole', CONTROLLER));
    assert.deepEqual(granted.sort(), neededRights(inAllNamespaces).sort());
  });

  test('the Role grants what the election does, no less and no more', () => {
    const granted = rightsOf(rulesOf('Role', CONTROLLER));
    assert.deepEqual(granted.sort(), neededRights(inOwnNamespace).sort());
  });

  test('the role that is bound in namespaces of Gateways writes Secrets and nothing else', () => {
    const granted = rightsOf(rulesOf('ClusterRole', WRITER));
    assert.deepEqual(granted, ['create :secrets', 'patch :secrets', 'delete :secrets']);
  });

  test('no role has a wildcard, nor what the controller must not do', () => {
    assert.equal(roles.length, 3);
    for (const { rules } of roles) {
      const words = rules.flatMap((rule) => [...rule.apiGroups, ...rule.resources, ...rule.verbs]);
      assert.deepEqual(
        words.filter((word) => word.includes('*')),
        [],
      );
    }
    const granted = new Set(rightsOf(rulesOf('ClusterRole', CONTROLLER)));
    const refused = neededRights(REFUSED_PERMISSIONS);
    assert.deepEqual(
      refused.filter((it) => granted.has(it)),
      [],
    );
    const [anyVerb] = rightsOf(rulesOf('ClusterRole', WRITER));
    assert.ok(refused.includes(anyVerb ?? ''), 'the names of rights are those of the roles');
  });

  test("the controller holds what it grants to data planes, as Kubernetes' check demands", () => {
    const granted = new Set(rightsOf(rulesOf('ClusterRole', CONTROLLER)));
    const needed = ['configmaps', 'secrets'].flatMap((it) => [`get :${it}`, `watch :${it}`]);
    assert.deepEqual(
      needed.filter((it) => !granted.has(it)),
      [],
    );
  });
});
