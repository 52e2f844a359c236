/**
 * The effects of a turn that are left to do: without those that the store shows as done. What is
 * dropped here costs neither a request nor a timer, and there are as many of them as routes: a
 * list of statuses that were all written is not looked at again.
 */
import type { ListedResult, ReconcileResult } from '@sluice/core';
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

/** Gives a result with what is left to do, and with Events for its new findings. */
export type PendingKeeper = (result: ListedResult) => ReconcileResult;

export function createPendingKeeper(ports: PendingPorts): PendingKeeper {
  // Sound: who sees the same list again sees the same objects, and thus the same statuses.
  const written = new WeakSet<ListedResult['effectLists'][number]>();
  return ({ configs, findings, effectLists }) => {
    const effects: Effect<ProxyConfig>[] = [];
    for (const list of effectLists) {
      if (list.length === 0 || written.has(list)) continue;
      const before = effects.length;
      for (const effect of list) if (!isDone(effect, ports)) effects.push(effect);
      const isStatus = list.every(({ kind }) => kind === 'patch-status');
      if (effects.length === before && isStatus) written.add(list);
    }
    return { configs, findings, effects: [...effects, ...ports.findingEvents.pending(findings)] };
  };
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
