/** Kinds that come and go under the reflectors. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from '@sluice/kube';
import { createLog } from '../log.ts';
import { startClusterReflectors } from './cluster-reflectors.ts';
import { createObjectStore } from './object-store.ts';
import { GATEWAY_GROUP, type ServedKinds } from './served-kinds.ts';
import { WATCHED_KINDS } from './watched-kinds.ts';

const log = createLog({ level: 'error', format: 'text', write() {}, now: () => new Date() });

const servedBut = (missing: string): ServedKinds => ({
  channel: 'standard',
  isServed: (_, kind, version) => version === 'v1' && kind !== missing,
});

/** Serves every kind but one, which it still said it served when it was first asked. */
function clientWithout(missing: string): Client {
  const resources = WATCHED_KINDS.filter(({ kind }) => kind !== missing);
  return {
    async list({ kind }: { kind: string }) {
      if (kind === missing) throw new Error('it is gone');
      return { items: [], resourceVersion: '1' };
    },
    watch() {
      let stop = (): void => undefined;
      const end = new Promise((resolve) => {
        stop = () => resolve({ kind: 'stopped' });
      });
      return { end, stop };
    },
    async request(_: string, path: string) {
      if (path === `/apis/${GATEWAY_GROUP}`) return { versions: [{ version: 'v1' }] };
      return { resources };
    },
  } as unknown as Client;
}

test('a kind that goes before its first list is not waited for', { timeout: 10_000 }, async (t) => {
  const client = clientWithout('TLSRoute');
  const reflectors = startClusterReflectors({
    client,
    store: createObjectStore({ onChange() {} }),
    served: servedBut(''),
    log,
    onServed() {},
    rediscoverMs: 20,
  });
  t.after(() => reflectors.stop());
  // The reflectors' own timer keeps no process alive.
  const alive = setTimeout(() => undefined, 10_000);
  t.after(() => clearTimeout(alive));
  assert.equal(reflectors.states().get('TLSRoute'), false);
  await reflectors.synced;
  assert.equal(reflectors.states().has('TLSRoute'), false);
  assert.equal(reflectors.resourceOf({ group: GATEWAY_GROUP, kind: 'TLSRoute' }), undefined);
});
