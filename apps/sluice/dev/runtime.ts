/**
 * `sluice dev`: the controller's loop over a directory instead of an API server. Files → store →
 * snapshot → reconcile → effects → proxies and statuses, and back through acknowledgements.
 */

import { type ReconcileResult, reconcile, type WorldSnapshot } from '@sluice/core';
import type { ProxyConfig } from '@sluice/model';
import type { Proxy } from '@sluice/proxy';
import { type Controller, type EffectHandlers, runController, type Turn } from '@sluice/sansio';
import type { Channel } from '@sluice/spec';
import type { Log } from '../log.ts';
import { systemClock } from '../world/clock.ts';
import type { LocalService } from '../world/local-service.ts';
import { createWorldStore, type WorldStore } from '../world/store.ts';
import { createGateways, type Gateways } from './gateways.ts';

export interface RuntimeOptions {
  readonly channel: Channel;
  readonly localServices: readonly LocalService[];
  readonly startProxy: (gateway: string, address: string) => Proxy;
  readonly log: Log;
  /** Called whenever a turn leaves nothing more to do. */
  readonly onRest: (result: ReconcileResult) => void;
}

export interface Runtime {
  readonly store: WorldStore;
  readonly gateways: Gateways;
  /** The files say something new; `store` holds it already. */
  readonly notify: () => void;
  readonly stop: () => Promise<void>;
}

export function startRuntime(options: RuntimeOptions): Runtime {
  const { channel, localServices } = options;
  const store = createWorldStore({ channel, localServices, addresses: {}, portMapping: {} });
  const gateways = createGateways({
    startProxy: options.startProxy,
    addressOf: (gateway) => store.addressOf(gateway),
    keyPair: store.keyPair,
    onServing: (gateway, version) => {
      store.acknowledge(gateway, version);
      controller.wake({ kind: 'ack', source: gateway });
    },
  });
  const controller: Controller = runController<WorldSnapshot, ReconcileResult, ProxyConfig>({
    snapshot: store.snapshot,
    reconcile,
    handlers: buildHandlers(store, gateways, () => controller, options.log),
    isLeader: () => true,
    clock: systemClock,
    random: Math.random,
    onTurn: (turn) => void settleTurn(turn, gateways, options),
  });
  return {
    store,
    gateways,
    notify: () => controller.wake({ kind: 'object-event', object: EVERY_OBJECT }),
    async stop() {
      await controller.stop();
      await gateways.close();
    },
  };
}

/** Files are read as a whole, so their events are one. */
const EVERY_OBJECT = { group: '', kind: 'Manifests', name: 'all' };

function buildHandlers(
  store: WorldStore,
  gateways: Gateways,
  controller: () => Controller,
  log: Log,
): EffectHandlers<ProxyConfig> {
  return {
    async patchStatus(effect) {
      if (!store.writeStatus(effect)) return { kind: 'unchanged' };
      controller().wake({ kind: 'object-event', object: effect.target });
      return { kind: 'done' };
    },
    publishConfig({ target, content }) {
      return gateways.apply(`${target.namespace}/${target.name}`, content);
    },
    async emitEvent({ type, reason, message }) {
      log[type === 'Warning' ? 'warn' : 'info'](message, { reason });
      return { kind: 'done' };
    },
    async apply({ target }) {
      return { kind: 'failed', reason: 'invalid', message: nothingToApply(target.kind) };
    },
    async delete({ target }) {
      return { kind: 'failed', reason: 'invalid', message: nothingToApply(target.kind) };
    },
  };
}

/** Without a cluster there is nothing to provision; the core asks for it in a cluster only. */
function nothingToApply(kind: string): string {
  return `a ${kind} can't be provisioned without a cluster`;
}

async function settleTurn(
  turn: Turn<ReconcileResult, ProxyConfig>,
  gateways: Gateways,
  { log, onRest }: RuntimeOptions,
): Promise<void> {
  if (turn.kind === 'crashed') {
    const error = turn.error instanceof Error ? turn.error : new Error(String(turn.error));
    log.error('a turn failed; what is served stays', { error: error.stack ?? error.message });
    return;
  }
  const { result, outcomes } = turn;
  await gateways.retain(new Set(Object.keys(result.configs)));
  for (const outcome of outcomes) {
    if (outcome.kind !== 'failed') continue;
    log.error(outcome.message, { effect: outcome.effect.id, reason: outcome.reason });
  }
  if (!outcomes.some(({ kind }) => kind === 'done')) onRest(result);
}
