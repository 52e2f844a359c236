/**
 * The edits of the reload suite, as data: each turns a world into the next one and says what must
 * be visible from outside once it is live. Kinds take turns; the sequence is the same in each run.
 */
import type { CertificatePem, World } from './world.ts';

export type EditKind = 'add' | 'change' | 'reorder' | 'remove' | 'certificate';

export interface Edit {
  readonly kind: EditKind;
  readonly world: World;
  readonly expected: Expectation;
}

/** `version`: of the response header `x-version`; undefined: the path is not routed (404). */
export type Expectation =
  | { readonly kind: 'answer'; readonly path: string; readonly version: string | undefined }
  | { readonly kind: 'certificate'; readonly certificate: CertificatePem };

/** Twice as many routes come as go, so that the config grows while it is edited. */
const turns: readonly EditKind[] = ['add', 'change', 'add', 'reorder', 'certificate', 'remove'];

export function firstWorld(certificates: readonly CertificatePem[]): World {
  return { version: 0, firstRule: 'a', extras: [], certificate: pick(certificates, 0) };
}

/** `certificates`: at least two; swaps go through them in a circle. */
export function* makeEdits(
  count: number,
  certificates: readonly CertificatePem[],
): Generator<Edit> {
  let world = firstWorld(certificates);
  for (let number = 1; number <= count; number++) {
    const edit = makeEdit(pick(turns, number - 1), number, world, certificates);
    yield edit;
    world = edit.world;
  }
}

function makeEdit(
  kind: EditKind,
  number: number,
  world: World,
  certificates: readonly CertificatePem[],
): Edit {
  switch (kind) {
    case 'add':
      return {
        kind,
        world: { ...world, extras: [number, ...world.extras] },
        expected: answer(`/extra-${number}`, String(number)),
      };
    case 'change':
      return {
        kind,
        world: { ...world, version: number },
        expected: answer('/stable', String(number)),
      };
    case 'reorder': {
      const firstRule = world.firstRule === 'a' ? 'b' : 'a';
      const extras = world.extras.toReversed();
      return {
        kind,
        world: { ...world, firstRule, extras },
        expected: answer('/order', firstRule),
      };
    }
    case 'remove': {
      const [removed, ...extras] = world.extras;
      return {
        kind,
        world: { ...world, extras },
        expected: answer(`/extra-${removed}`, undefined),
      };
    }
    case 'certificate': {
      const certificate = pick(certificates, number);
      const next = certificate === world.certificate ? pick(certificates, number + 1) : certificate;
      return {
        kind,
        world: { ...world, certificate: next },
        expected: { kind: 'certificate', certificate: next },
      };
    }
    default:
      return assertNever(kind);
  }
}

function answer(path: string, version: string | undefined): Expectation {
  return { kind: 'answer', path, version };
}

function pick<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

function assertNever(kind: never): never {
  throw new Error(`unknown edit: ${JSON.stringify(kind)}`);
}
