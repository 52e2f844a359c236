/**
 * Who set which field, and what follows from it: an apply removes what its manager no longer
 * wants and nobody else does, and is refused where another manager wants something else.
 */
import { type FieldPaths, flatten, rebuild } from './field-paths.ts';
import type { Fields } from './stored-object.ts';

/** Paths by manager. An apply and an update of one name are two managers, as in Kubernetes. */
export type Owners = ReadonlyMap<string, ReadonlySet<string>>;

export interface Owned {
  readonly fields: Fields;
  readonly owners: Owners;
}

export interface Merged extends Owned {
  /** Managers that want another value; empty if the apply was forced. */
  readonly conflicts: readonly string[];
}

export function mergeApply(
  before: Owned,
  wanted: Fields,
  { manager, force }: { readonly manager: string; readonly force: boolean },
): Merged {
  const paths = flatten(before.fields);
  const desired = flatten(wanted);
  const owners = new Map([...before.owners].map(([name, owned]) => [name, new Set(owned)]));
  const conflicts = new Set<string>();
  for (const [path, value] of desired) {
    for (const [name, owned] of owners) {
      const isOther = name !== manager && owned.has(path);
      if (!isOther || isEqual(paths.get(path), value)) continue;
      if (force) owned.delete(path);
      else conflicts.add(name);
    }
  }
  const mine = owners.get(manager) ?? new Set();
  owners.delete(manager);
  for (const path of mine) {
    const isWanted = desired.has(path) || [...owners.values()].some((owned) => owned.has(path));
    if (!isWanted) paths.delete(path);
  }
  for (const [path, value] of desired) paths.set(path, value);
  owners.set(manager, new Set(desired.keys()));
  return { ...withoutGone(paths, owners), conflicts: [...conflicts] };
}

/** What an update changes is its manager's from then on. */
export function recordUpdate(before: Owned, fields: Fields, manager: string): Owned {
  const known = flatten(before.fields);
  const paths = flatten(fields);
  const changed = [...paths].filter(([path, value]) => !isEqual(known.get(path), value));
  const owners = new Map([...before.owners].map(([name, owned]) => [name, new Set(owned)]));
  for (const owned of owners.values()) for (const [path] of changed) owned.delete(path);
  const mine = owners.get(manager) ?? new Set<string>();
  for (const [path] of changed) mine.add(path);
  owners.set(manager, mine);
  return withoutGone(paths, owners);
}

function withoutGone(paths: FieldPaths, owners: ReadonlyMap<string, Set<string>>): Owned {
  const left = new Map<string, Set<string>>();
  for (const [name, owned] of owners) {
    const there = new Set([...owned].filter((path) => paths.has(path)));
    if (there.size > 0) left.set(name, there);
  }
  return { fields: rebuild(paths), owners: left };
}

export function isEqual(left: unknown, right: unknown): boolean {
  const [one, other] = [flatten(left), flatten(right)];
  if (one.size !== other.size) return false;
  return [...one].every(
    ([path, value]) => other.has(path) && JSON.stringify(value) === JSON.stringify(other.get(path)),
  );
}
