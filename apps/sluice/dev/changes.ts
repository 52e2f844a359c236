/** What a save changed, in one line per object. */
import type { ManifestSet } from '../world/manifests.ts';
import { identityOf, labelOf } from '../world/manifests.ts';

export interface ObjectChange {
  readonly kind: 'added' | 'changed' | 'removed';
  /** `Kind namespace/name`. */
  readonly object: string;
  /** `file:line`, of the last version for what was removed. */
  readonly place: string;
}

/** Changes of content, in file order; what only moved within files is no change. */
export function compareManifests(before: ManifestSet, after: ManifestSet): ObjectChange[] {
  const old = new Map(before.objects.map((parsed) => [identityOf(parsed), parsed]));
  const changes: ObjectChange[] = [];
  for (const parsed of after.objects) {
    const previous = old.get(identityOf(parsed));
    old.delete(identityOf(parsed));
    if (previous === undefined) changes.push(changeOf('added', parsed));
    else if (JSON.stringify(previous.object) !== JSON.stringify(parsed.object)) {
      changes.push(changeOf('changed', parsed));
    }
  }
  return [...changes, ...[...old.values()].map((parsed) => changeOf('removed', parsed))];
}

function changeOf(
  kind: ObjectChange['kind'],
  { object, file, line }: ManifestSet['objects'][number],
): ObjectChange {
  return { kind, object: labelOf(object), place: `${file}:${line}` };
}
