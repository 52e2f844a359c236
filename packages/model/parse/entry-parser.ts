/**
 * Reads one entry of a config part from JSON of unknown origin, as strictly as a whole config.
 * What is wrong between entries is left to `findReferenceProblems`.
 */
import type { ConfigProblem } from '../problem.ts';
import type { PartEntry } from '../shards/part.ts';
import { backend, bindFields, listenerFields, objectName, route } from './config-parser.ts';
import { byKind, type Decoder, INVALID, list, object, oneOf, optional } from './decoder.ts';
import { nonEmptyText } from './scalars.ts';

export type ParsedEntry =
  | { readonly ok: true; readonly entry: PartEntry }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

export function parsePartEntry(json: unknown): ParsedEntry {
  const problems: ConfigProblem[] = [];
  const entry = partEntry.decode(json, '', problems);
  return entry === INVALID ? { ok: false, problems } : { ok: true, entry };
}

type EntryOf<Kind extends PartEntry['kind']> = Extract<PartEntry, { readonly kind: Kind }>;

const ids = list(nonEmptyText);

const partEntry: Decoder<PartEntry> = byKind<PartEntry>({
  gateway: object<EntryOf<'gateway'>>({ kind: oneOf('gateway'), gateway: objectName }),
  bind: object<EntryOf<'bind'>>({
    kind: oneOf('bind'),
    bind: object<EntryOf<'bind'>['bind']>(bindFields),
  }),
  listener: object<EntryOf<'listener'>>({
    kind: oneOf('listener'),
    listener: object<EntryOf<'listener'>['listener']>(listenerFields),
    routes: optional(ids),
  }),
  'route-order': object<EntryOf<'route-order'>>({ kind: oneOf('route-order'), ids }),
  'backend-order': object<EntryOf<'backend-order'>>({ kind: oneOf('backend-order'), ids }),
  route: object<EntryOf<'route'>>({ kind: oneOf('route'), route, listeners: ids }),
  backend: object<EntryOf<'backend'>>({ kind: oneOf('backend'), backend }),
});
