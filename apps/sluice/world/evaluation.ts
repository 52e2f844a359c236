/**
 * What the core says of a set of manifests, without serving them: used by `check`, `status` and
 * `explain`. The world is evaluated as if a data plane served every config and every status had
 * been written, that is, at rest.
 */

import { type ReconcileResult, reconcile } from '@sluice/core';
import type { Channel } from '@sluice/spec';
import { assignAddresses } from './addresses.ts';
import type { ManifestSet } from './manifests.ts';
import { listPortUsers } from './port-mapping.ts';
import { createWorldStore, type WorldStore } from './store.ts';

/** Turns after which a world that still changes is a defect of the core. */
const TURNS_MAX = 8;

export interface Evaluation extends ReconcileResult {
  readonly store: WorldStore;
}

export function evaluateManifests(manifests: ManifestSet, channel: Channel): Evaluation {
  const store = createWorldStore({ channel, addresses: {}, portMapping: {} });
  store.replaceManifests(manifests);
  const users = listPortUsers(store.owners(), {});
  store.configure({ addresses: assignAddresses(users, '127.0.0.1'), portMapping: {} });
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const result = reconcile(store.snapshot(Date.now()));
    let changed = false;
    for (const effect of result.effects) {
      if (effect.kind === 'patch-status') changed = store.writeStatus(effect) || changed;
      if (effect.kind === 'publish-config') {
        const { namespace = '', name } = effect.target;
        changed = store.acknowledge(`${namespace}/${name}`, effect.version) || changed;
      }
    }
    if (!changed) return { ...result, store };
  }
  throw new Error(`the world does not come to rest within ${TURNS_MAX} turns`);
}
