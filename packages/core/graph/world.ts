/**
 * World: a snapshot with the look-ups that every rule needs, and nothing decided yet.
 *
 * Each index is a pure function of the lists it is built from and is kept while they are the same.
 */
import type { ConfigMap, Namespace } from '@sluice/spec';
import { createMemo } from '../memo.ts';
import { sortObjects } from '../object-order.ts';
import { keyOf, nameOf } from '../objects.ts';
import type { OwnableObject, SecretFacts, Settings, WorldSnapshot } from '../snapshot.ts';
import { type GrantIndex, indexGrants } from './grants.ts';
import type { Labels } from './selector.ts';
import { indexServices, type ServiceIndex } from './service.ts';

export interface World {
  readonly snapshot: WorldSnapshot;
  readonly settings: Settings;
  readonly grants: GrantIndex;
  readonly services: ServiceIndex;
  readonly secrets: ReadonlyMap<string, SecretFacts>;
  readonly configMaps: ReadonlyMap<string, ConfigMap>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** By `Kind/namespace/name`. */
  readonly ownables: ReadonlyMap<string, OwnableObject>;
}

export function buildWorld(snapshot: WorldSnapshot): World {
  const secrets = secretsMemo(snapshot.secrets, [], () =>
    indexBy(snapshot.secrets, (secret) => `${secret.namespace}/${secret.name}`),
  );
  const configMaps = configMapsMemo(snapshot.configMaps, [], () =>
    indexBy(snapshot.configMaps, keyOf),
  );
  return {
    snapshot,
    settings: snapshot.settings,
    grants: grantsMemo(snapshot.referenceGrants, [], () =>
      indexGrants(sortObjects(snapshot.referenceGrants)),
    ),
    services: indexServices(snapshot, { configMaps, secrets }),
    secrets,
    configMaps,
    namespaces: namespacesMemo(snapshot.namespaces, [], () => indexBy(snapshot.namespaces, nameOf)),
    ownables: ownablesMemo(snapshot.ownables, [], () =>
      indexBy(snapshot.ownables, (object) => `${object.kind}/${keyOf(object)}`),
    ),
  };
}

const grantsMemo = createMemo<object, GrantIndex>();
const secretsMemo = createMemo<object, ReadonlyMap<string, SecretFacts>>();
const configMapsMemo = createMemo<object, ReadonlyMap<string, ConfigMap>>();
const ownablesMemo = createMemo<object, ReadonlyMap<string, OwnableObject>>();
const namespacesMemo = createMemo<object, ReadonlyMap<string, Namespace>>();

function indexBy<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
): ReadonlyMap<string, Item> {
  const index = new Map<string, Item>();
  for (const item of items) index.set(key(item), item);
  return index;
}

/** A namespace's labels, with the one that Kubernetes puts on each; absent: no such namespace. */
export function namespaceLabels(world: World, name: string): Labels | undefined {
  const namespace = world.namespaces.get(name);
  const own = { 'kubernetes.io/metadata.name': name };
  if (namespace !== undefined) return { ...namespace.metadata.labels, ...own };
  return world.settings.namespaces === 'implied' ? own : undefined;
}
