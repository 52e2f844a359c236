/**
 * What the fake API server keeps: objects, one version that counts all changes, and the changes
 * themselves, so that a list can be paged as of a version and a watch can begin in the past.
 *
 * As in Kubernetes, a write that changes nothing makes no version; status is written on its own
 * where a kind has it; `generation` counts changes of neither status nor metadata.
 *
 * It does not do: schemas (nothing is pruned, defaulted or refused for its shape), namespaces that
 * have to exist, finalizers, garbage collection, admission, patches other than applies.
 */
import { ApiRefusal } from './api-refusal.ts';
import { isEqual, mergeApply, type Owned, type Owners, recordUpdate } from './field-owners.ts';
import type { FakeKind, Target } from './kinds.ts';
import { type Fields, fieldsOf, type StoredObject, without } from './stored-object.ts';

export interface Change {
  readonly version: number;
  readonly kind: FakeKind;
  readonly before: StoredObject | undefined;
  readonly after: StoredObject | undefined;
}

export interface WriteRequest {
  readonly verb: 'create' | 'replace' | 'apply';
  readonly manager: string;
  readonly force: boolean;
  readonly dryRun: boolean;
}

interface Entry {
  readonly object: StoredObject;
  readonly owners: Owners;
}

type Named = Target & { readonly name: string };

export class ObjectTable {
  readonly changes: Change[] = [];
  readonly #entries = new Map<string, Entry>();
  readonly #onChange: (change: Change) => void;
  /** Not 1: a client must not guess it. */
  version = 100;
  /** Nothing before it is known any more. */
  oldest = 100;
  #created = 0;

  constructor(onChange: (change: Change) => void) {
    this.#onChange = onChange;
  }

  has(target: Named): boolean {
    return this.#entries.has(entryKey(target));
  }

  get(target: Named): StoredObject {
    return this.#known(target).object;
  }

  /** In the order of their keys; of an earlier version if one is given. */
  list(kind: FakeKind, namespace: string | undefined, version = this.version): StoredObject[] {
    const found = new Map<string, StoredObject>();
    for (const { object } of this.#entries.values()) {
      if (object.kind === kind.kind) found.set(nameKey(object), object);
    }
    for (const { kind: changed, before, after, version: at } of this.changes.toReversed()) {
      if (at <= version) break;
      if (changed !== kind) continue;
      if (after !== undefined) found.delete(nameKey(after));
      if (before !== undefined) found.set(nameKey(before), before);
    }
    return [...found.values()]
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
      .sort((left, right) => (nameKey(left) < nameKey(right) ? -1 : 1));
  }

  write(target: Named, body: Fields, request: WriteRequest): StoredObject {
    const known = this.#entries.get(entryKey(target));
    const makesNew = request.verb !== 'replace' && target.subresource === undefined;
    if (known === undefined && !makesNew) throw notFound(target);
    if (known !== undefined && request.verb === 'create') {
      throw new ApiRefusal(409, 'AlreadyExists', `${show(target)} already exists`);
    }
    checkVersion(target, body, { known, verb: request.verb });
    const before: Owned = {
      fields: known === undefined ? {} : contentOf(known.object),
      owners: known?.owners ?? new Map(),
    };
    const after = merge(target, { before, body, request });
    if (known !== undefined && isSameState(before, after)) return known.object;
    const entry = {
      object: this.#stamp(target, after.fields, known?.object),
      owners: after.owners,
    };
    const object = { ...entry.object, metadata: { ...entry.object.metadata, ...shown(entry) } };
    if (request.dryRun) return object;
    this.version += 1;
    this.#entries.set(entryKey(target), { ...entry, object });
    this.#note({ kind: target.kind, before: known?.object, after: object });
    return object;
  }

  /** A wrong precondition refuses. */
  delete(target: Named, preconditions: Fields): StoredObject {
    const { object } = this.#known(target);
    for (const field of ['uid', 'resourceVersion'] as const) {
      const wanted = preconditions[field];
      if (wanted === undefined || wanted === object.metadata[field]) continue;
      throw new ApiRefusal(409, 'Conflict', `${show(target)}: precondition failed: ${field}`);
    }
    this.version += 1;
    this.#entries.delete(entryKey(target));
    this.#note({ kind: target.kind, before: object, after: undefined });
    return object;
  }

  /** Forgets what led to the present. */
  compact(): void {
    this.version += 1;
    this.oldest = this.version;
    this.changes.length = 0;
  }

  #known(target: Named): Entry {
    const known = this.#entries.get(entryKey(target));
    if (known === undefined) throw notFound(target);
    return known;
  }

  #note(change: Omit<Change, 'version'>): void {
    const noted = { ...change, version: this.version };
    this.changes.push(noted);
    this.#onChange(noted);
  }

  /** With the metadata that a server alone writes. */
  #stamp(target: Named, content: Fields, before: StoredObject | undefined): StoredObject {
    const { kind, namespace, name } = target;
    this.#created += before === undefined ? 1 : 0;
    return {
      ...content,
      apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`,
      kind: kind.kind,
      metadata: {
        ...fieldsOf(content['metadata']),
        name,
        ...(namespace === undefined ? {} : { namespace }),
        uid:
          before?.metadata.uid ??
          `00000000-0000-4000-8000-${String(this.#created).padStart(12, '0')}`,
        resourceVersion: String(this.version + 1),
        creationTimestamp: before?.metadata['creationTimestamp'] ?? '2030-01-01T00:00:00Z',
        ...(kind.hasStatus ? { generation: nextGeneration(before, content) } : {}),
      },
    };
  }
}

function checkVersion(
  target: Named,
  body: Fields,
  { known, verb }: { readonly known: Entry | undefined; readonly verb: WriteRequest['verb'] },
): void {
  const expected = fieldsOf(body['metadata'])['resourceVersion'];
  if (verb === 'create' && expected !== undefined && expected !== '') {
    throw new ApiRefusal(400, 'BadRequest', 'resourceVersion should not be set on a new object');
  }
  if (expected === undefined && verb === 'replace' && target.kind.hasStatus) {
    throw new ApiRefusal(422, 'Invalid', 'metadata.resourceVersion: must be specified');
  }
  if (expected === undefined || expected === known?.object.metadata.resourceVersion) return;
  const advice = 'the object has been modified; apply your changes to the latest version';
  throw new ApiRefusal(409, 'Conflict', `${show(target)}: ${advice}`);
}

interface Write {
  readonly before: Owned;
  readonly body: Fields;
  readonly request: WriteRequest;
}

function merge(target: Named, { before, body, request }: Write): Owned {
  const { verb, manager, force } = request;
  const how = verb === 'apply' ? 'Apply' : 'Update';
  const operation = `${manager} ${how} ${target.subresource ?? ''}`;
  const content = contentOf(body);
  if (verb !== 'apply') {
    return recordUpdate(before, split(target, content, before.fields), operation);
  }
  const { conflicts, ...merged } = mergeApply(before, split(target, content, {}), {
    manager: operation,
    force,
  });
  if (conflicts.length > 0) {
    const others = conflicts.map((name) => JSON.stringify(name.split(' ')[0])).join(', ');
    throw new ApiRefusal(409, 'Conflict', `Apply failed with conflicts with ${others}`);
  }
  return merged;
}

/** Of what is sent, the part that this path writes; the rest is as `before` has it. */
function split({ kind, subresource }: Target, sent: Fields, before: Fields): Fields {
  if (!kind.hasStatus) return sent;
  const [outer, inner] = subresource === 'status' ? [before, sent] : [sent, before];
  const rest = without(outer, 'status');
  return inner['status'] === undefined ? rest : { ...rest, status: inner['status'] };
}

/** What clients may write. */
function contentOf(object: Fields): Fields {
  const metadata = without(
    fieldsOf(object['metadata']),
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'creationTimestamp',
    'generation',
    'managedFields',
  );
  const rest = without(object, 'apiVersion', 'kind', 'metadata');
  return Object.keys(metadata).length === 0 ? rest : { ...rest, metadata };
}

function nextGeneration(before: StoredObject | undefined, content: Fields): number {
  const counted = (fields: Fields) => without(fields, 'apiVersion', 'kind', 'metadata', 'status');
  if (before === undefined) return 1;
  const isSame = isEqual(counted(content), counted(before));
  return (before.metadata.generation ?? 1) + (isSame ? 0 : 1);
}

function isSameState(before: Owned, after: Owned): boolean {
  return isEqual(before.fields, after.fields) && isEqual(ownedBy(before), ownedBy(after));
}

function ownedBy({ owners }: Owned): Fields {
  return Object.fromEntries(
    [...owners].map(([name, paths]) => [
      name,
      Object.fromEntries([...paths].map((path) => [path, true])),
    ]),
  );
}

/** Names of managers alone: what they own is not shown. */
function shown({ owners }: Entry): Fields {
  const managedFields = [...owners.keys()].map((key) => {
    const [manager, operation, subresource] = key.split(' ');
    return { manager, operation, subresource, fieldsType: 'FieldsV1', fieldsV1: {} };
  });
  return { managedFields };
}

function notFound(target: Named): ApiRefusal {
  return new ApiRefusal(404, 'NotFound', `${show(target)} not found`);
}

function show({ kind, name }: Named): string {
  return `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`} "${name}"`;
}

function entryKey({ kind, namespace, name }: Named): string {
  return `${kind.kind} ${namespace ?? ''}/${name}`;
}

function nameKey({ metadata }: StoredObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
