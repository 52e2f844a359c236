/**
 * The effects of a turn that are left to do: without those that the store shows as done. What is
 * dropped here costs neither a request nor a timer, and there are as many of them as routes.
 */
import type { ReconcileResult } from '@sluice/core';
import type { ProxyConfig } from '@sluice/model';
import type { Effect } from '@sluice/sansio';
import type { FindingEvents } from './finding-events.ts';
import type { ObjectWriter } from './object-writer.ts';
import type { StatusWriter } from './status-writer.ts';

export interface PendingPorts {
  readonly statusWriter: StatusWriter;
  readonly objectWriter: ObjectWriter;
  readonly findingEvents: FindingEvents;
  /** Whether this config is published by this process already. */
  readonly isPublished: (gateway: string, version: string) => boolean;
}

/** The result with what is left to do, and with Events for its new findings. */
export function keepPending(result: ReconcileResult, ports: PendingPorts): ReconcileResult {
  const effects = result.effects.filter((effect) => !isDone(effect, ports));
  return { ...result, effects: [...effects, ...ports.findingEvents.pending(result.findings)] };
}

function isDone(effect: Effect<ProxyConfig>, ports: PendingPorts): boolean {
  switch (effect.kind) {
    case 'patch-status':
      return ports.statusWriter.isWritten(effect);
    case 'apply':
      return ports.objectWriter.isApplied(effect);
    case 'publish-config':
      return ports.isPublished(`${effect.target.namespace}/${effect.target.name}`, effect.version);
    case 'delete':
    case 'emit-event':
    case 'requeue-at':
      return false;
    default:
      return assertNever(effect);
  }
}

function assertNever(effect: never): never {
  throw new Error(`not an effect: ${JSON.stringify(effect)}`);
}
