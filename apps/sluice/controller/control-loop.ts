/**
 * The controller's loop over a cluster: store → snapshot → reconcile → what is left to do → API
 * server, and back through watches and acknowledgements. The cluster's counterpart of the runtime
 * of `sluice dev`.
 *
 * Every replica computes; the one that leads acts. Config is published before status is written.
 */
import { type ReconcileResult, reconcileInLists, type WorldSnapshot } from '@sluice/core';
import type { ProxyConfig } from '@sluice/model';
import { type Controller, type ControllerLimits, runController } from '@sluice/sansio';
import type { Log } from '../log.ts';
import { systemClock } from '../world/clock.ts';
import type { ConfigPublication } from './config-publication.ts';
import type { ControllerMetrics } from './controller-metrics.ts';
import type { EventRecorder } from './event-recorder.ts';
import { createFindingEvents } from './finding-events.ts';
import type { ObjectWriter } from './object-writer.ts';
import { createPendingKeeper } from './pending-effects.ts';
import type { StatusWriter } from './status-writer.ts';
import { logTurn } from './turn-log.ts';

export interface ControlLoopPorts {
  readonly snapshot: (now: number) => WorldSnapshot;
  readonly statusWriter: StatusWriter;
  readonly objectWriter: ObjectWriter;
  readonly publication: ConfigPublication;
  readonly events: EventRecorder;
  readonly metrics: ControllerMetrics;
  readonly isLeader: () => boolean;
  readonly log: Log;
}

/**
 * What comes alone is done at once, since nothing is gained by waiting when a turn takes
 * milliseconds; who follows computes once a second; a rate that leaves most of a core idle at the
 * worst; and enough writes at a time for a thousand statuses to be out within a second.
 */
const LIMITS: Partial<ControllerLimits> = {
  batchMs: 2,
  idleBatchMs: 0,
  followerBatchMs: 1_000,
  takesPerSecond: 100,
  takeBurst: 50,
  concurrencyMax: 32,
  // An API server that comes back finds everything written within five seconds.
  backoffMaxMs: 4_000,
};

export function startControlLoop(ports: ControlLoopPorts): Controller {
  const { statusWriter, objectWriter, publication, events, metrics, log } = ports;
  const findingEvents = createFindingEvents();
  const keepPending = createPendingKeeper({
    statusWriter,
    objectWriter,
    findingEvents,
    isPublished: publication.isPublished,
  });
  return runController<WorldSnapshot, ReconcileResult, ProxyConfig>({
    snapshot: ports.snapshot,
    reconcile: (snapshot) => keepPending(reconcileInLists(snapshot)),
    handlers: {
      patchStatus: (effect) => statusWriter.write(effect),
      apply: (effect) => objectWriter.apply(effect),
      delete: (effect) => objectWriter.delete(effect),
      publishConfig: (effect) => publication.publish(effect),
      async emitEvent(effect) {
        const result = await events.record(effect);
        if (result.kind !== 'failed') findingEvents.told(effect);
        return result;
      },
    },
    isLeader: ports.isLeader,
    clock: systemClock,
    random: Math.random,
    limits: LIMITS,
    onTurn(turn) {
      metrics.observe(turn);
      if (turn.kind === 'completed') publication.retain(Object.keys(turn.result.configs));
      logTurn(turn, log);
    },
  });
}
