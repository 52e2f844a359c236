/** What is in no config and held by nobody takes no memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BackendRegistry } from './backends.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function registryWith(...ids: readonly string[]): BackendRegistry {
  const registry = new BackendRegistry(
    () => 0,
    () => {},
  );
  applyTo(registry, ids);
  return registry;
}

function applyTo(registry: BackendRegistry, ids: readonly string[]): void {
  const configs = ids.map((id) => ({
    id,
    object: { kind: 'Service', namespace: 'n', name: id },
    port: 80,
    protocol: 'http1' as const,
    endpoints: [{ address: '10.0.0.1', port: 80 }],
  }));
  registry.apply(configs, () => ({ tls: undefined, usable: true }));
}

test('a backend of no config is forgotten when no rule holds it', async () => {
  const registry = registryWith('kept', 'held', 'gone');
  const held = registry.backend('held');
  const refs = ['kept', 'gone'].map((id) => new WeakRef(registry.backend(id)));
  applyTo(registry, ['kept']);
  // A weak reference holds its target until the turn ends.
  await delay(1);
  collectGarbage();
  const [kept, gone] = refs.map((ref) => ref.deref());
  assert.equal(gone, undefined);
  assert.equal(kept, registry.backend('kept'));
  applyTo(registry, ['held']);
  assert.equal(registry.backend('held'), held);
  assert.equal(held.endpoints.length, 1);
});
