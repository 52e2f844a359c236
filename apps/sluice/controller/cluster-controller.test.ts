/** What is left of a controller that could not be put together. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { Client } from '@sluice/kube';
import { UsageError } from '../exit-code.ts';
import { createLog } from '../log.ts';
import { startClusterController } from './cluster-controller.ts';

const log = createLog({ level: 'error', format: 'text', write() {}, now: () => new Date() });

test('without its admin port a controller watches nothing and leads nobody', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(() => taken.close());
  const watches = new Set<object>();
  const client = {
    list: async () => ({ items: [], resourceVersion: '1' }),
    watch() {
      let end = (): void => undefined;
      const watch = {
        end: new Promise((resolve) => {
          end = () => resolve({ kind: 'stopped' });
        }),
        stop() {
          watches.delete(watch);
          end();
        },
      };
      watches.add(watch);
      return watch;
    },
    get: async () => ({ metadata: { resourceVersion: '1' }, spec: { holderIdentity: 'another' } }),
  } as unknown as Client;
  const starting = startClusterController({
    client,
    log,
    served: { channel: 'standard', isServed: () => true },
    controllerName: 'test.example/controller',
    namespace: 'test',
    instance: 'test',
    leaderElection: true,
    admin: { host: '127.0.0.1', port: (taken.address() as AddressInfo).port },
    podPort: 1,
  });
  await assert.rejects(starting, UsageError);
  assert.equal(watches.size, 0);
});
