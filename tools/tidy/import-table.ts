/**
 * Who may import whom: the architecture as data. What is not in a row is forbidden.
 *
 * A package is named for what it knows; its row says what it does not know.
 */
export interface Row {
  /** Our packages whose values and types it may import. */
  readonly imports: readonly string[];
  /** Our packages of which it may import types alone. */
  readonly types: readonly string[];
  /** No clock, randomness, environment or I/O: no Node modules in its sources, ambient or not. */
  readonly pure: boolean;
}

const row = (imports: readonly string[], types: readonly string[], pure: boolean): Row => ({
  imports,
  types,
  pure,
});

const everything = [
  'packages/spec',
  'packages/model',
  'packages/wire',
  'packages/sansio',
  'packages/core',
  'packages/pki',
  'packages/kube',
  'packages/proxy',
];

export const importTable: Readonly<Record<string, Row>> = {
  'packages/spec': row([], [], true),
  'packages/model': row([], [], true),
  'packages/wire': row([], [], true),
  'packages/sansio': row([], [], true),
  'packages/core': row(['packages/spec', 'packages/model'], ['packages/sansio'], true),
  'packages/pki': row([], [], false),
  'packages/kube': row([], ['packages/sansio'], false),
  'packages/proxy': row(['packages/model', 'packages/wire'], [], false),
  'packages/testkit': row(everything, [], false),
  'apps/sluice': row(everything, [], false),
};

/** Where code lives that belongs to no package; it may import any package, and none imports it. */
export const outsideRoots: readonly string[] = [
  'tools',
  'bench',
  'examples',
  'conformance',
  'deploy',
];

/** Only tests, and the outside roots, may import it. */
export const testOnlyPackage = 'packages/testkit';

/**
 * The least that a sound run sees. A scanner that finds less is broken or runs in the wrong place,
 * and must not pass. Raise these as the repository grows.
 */
export const expected = { sourceFiles: 320, imports: 1_200, functions: 3_000 } as const;
