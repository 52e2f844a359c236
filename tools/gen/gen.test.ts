import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Crd, type CrdSchema, readCrds } from './crd.ts';
import { readGoTypes } from './go-struct.ts';
import { writeSchemaData } from './schema-data.ts';
import { writeTypes } from './type-text.ts';

/** A module with one kind, small enough to read. */
const crdText = `kind: CustomResourceDefinition
spec:
  group: gateway.networking.k8s.io
  scope: Namespaced
  names: {kind: Valve, plural: valves}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        description: long
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
            type: object
            required: [name]
            properties:
              name: {type: string}
              mode: {type: string, enum: [Open, Shut], default: Open}
              refs:
                type: array
                items: {type: object, properties: {name: {type: string}}}
              labels: {type: object, additionalProperties: {type: string}}
`;

const goText = `package v1

type Valve struct {
	metav1.TypeMeta \`json:",inline"\`
	metav1.ObjectMeta \`json:"metadata,omitempty"\`
	// Spec is documented.
	Spec ValveSpec \`json:"spec"\`
}

type ValveSpec struct {
	CommonSpec \`json:",inline"\`
	Mode *ModeType \`json:"mode,omitempty"\`
}

type CommonSpec struct {
	Refs []NameReference \`json:"refs,omitempty"\`
}
`;

let directory: string;
let crds: readonly Crd[];

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-gen-test-'));
  for (const path of ['config/crd/standard', 'apis/v1', 'apisx/v1alpha1']) {
    mkdirSync(join(directory, path), { recursive: true });
  }
  const crdDirectory = join(directory, 'config/crd/standard');
  writeFileSync(join(crdDirectory, 'gateway.networking.k8s.io_valves.yaml'), crdText);
  writeFileSync(join(crdDirectory, 'gateway.networking.k8s.io_vap_other.yaml'), 'kind: Policy\n');
  writeFileSync(join(directory, 'apis/v1/valve_types.go'), goText);
  crds = readCrds(directory, 'standard');
});

after(() => rmSync(directory, { recursive: true }));

describe('types', () => {
  test('are named as in Go, deeply readonly, required where a default fills in', () => {
    assert.equal(
      writeTypes(crds, readGoTypes(directory)),
      `export interface NameReference {
  readonly name?: string;
}

export interface Valve {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'Valve';
  readonly metadata: NamespacedObjectMeta;
  readonly spec: ValveSpec;
}

export interface ValveSpec {
  readonly name: string;
  readonly mode: 'Open' | 'Shut';
  readonly refs?: readonly NameReference[];
  readonly labels?: Readonly<Record<string, string>>;
}`,
    );
  });

  test('of one name must be one type', () => {
    const [crd] = crds;
    assert.ok(crd?.versions[0]);
    const other: CrdSchema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: {} } },
    };
    const clash = { ...crd, versions: [{ ...crd.versions[0], schema: other }] };
    assert.throws(
      () => writeTypes([crd, clash], readGoTypes(directory)),
      /two types named ValveSpec/,
    );
  });
});

describe('schema data', () => {
  const provenance = { path: 'p', version: 'v', sum: 's', typesSha256: 't' };

  test('shares equal nodes and drops descriptions', () => {
    const text = writeSchemaData(provenance, { standard: crds, experimental: crds });
    const data = JSON.parse(text) as Record<string, { readonly length: number }>;
    assert.deepEqual(data.module, provenance);
    assert.deepEqual(data.experimental, data.standard);
    assert.doesNotMatch(text, /description/);
    // string, metadata, mode, reference, list of them, labels, spec, the kind
    assert.equal(data.nodes?.length, 8);
    assert.equal(text, writeSchemaData(provenance, { standard: crds, experimental: crds }));
  });

  test('refuses a keyword that nobody has thought about', () => {
    const [crd] = crds;
    assert.ok(crd?.versions[0]);
    const odd = { ...crd, versions: [{ ...crd.versions[0], schema: { multipleOf: 2 } }] };
    assert.throws(
      () => writeSchemaData(provenance, { standard: [odd], experimental: [] }),
      /schema keyword not handled: multipleOf/,
    );
  });
});
