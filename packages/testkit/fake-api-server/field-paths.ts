/**
 * An object as a flat map from path to value, as server-side apply sees it: maps have a path for
 * each entry, some lists one for each item, named by a field of it; other lists are values.
 *
 * A map without entries is no field, as the built-in kinds leave it out. Which lists have keys is
 * the schema's to say; here it is known by the list's name.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
import { type Fields, fieldsOf } from './stored-object.ts';

/** Paths are JSON: an array of names, and of `{key, value}` for items of lists. */
export type FieldPaths = Map<string, unknown>;

type Step = string | { readonly key: string; readonly value: unknown };

const listKeys: ReadonlyMap<string, string> = new Map([
  ['conditions', 'type'],
  ['listeners', 'name'],
]);

export function flatten(value: unknown): FieldPaths {
  const paths: FieldPaths = new Map();
  visit(value, [], paths);
  return paths;
}

function visit(value: unknown, steps: readonly Step[], paths: FieldPaths): void {
  const last = steps.at(-1);
  const key = typeof last === 'string' ? listKeys.get(last) : undefined;
  if (Array.isArray(value) && key !== undefined) {
    for (const item of value) {
      visit(item, [...steps, { key, value: fieldsOf(item)[key] }], paths);
    }
    return;
  }
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap) paths.set(JSON.stringify(steps), value);
  else for (const [name, inner] of Object.entries(value)) visit(inner, [...steps, name], paths);
}

export function rebuild(paths: FieldPaths): Fields {
  const root: Record<string, unknown> = {};
  for (const [path, value] of paths) place(root, JSON.parse(path) as Step[], value);
  return root;
}

function place(root: Record<string, unknown>, steps: readonly Step[], value: unknown): void {
  let holder: Record<string, unknown> = root;
  for (const [index, step] of steps.entries()) {
    if (typeof step !== 'string') continue;
    const next = steps[index + 1];
    if (next === undefined) {
      holder[step] = value;
    } else if (typeof next === 'string') {
      holder = (holder[step] ??= {}) as Record<string, unknown>;
    } else {
      const list = (holder[step] ??= []) as Record<string, unknown>[];
      let item = list.find((candidate) => candidate[next.key] === next.value);
      if (item === undefined) list.push((item = { [next.key]: next.value }));
      holder = item;
    }
  }
}
