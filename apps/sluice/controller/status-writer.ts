/**
 * Writes statuses: routes and policies by read-merge-replace, all others by server-side apply, in
 * one request each. What the store holds already is not sent.
 *
 * A replace carries the resourceVersion that the entries were merged at: when the object changed
 * meanwhile, the API server refuses (409), and the next turn merges again.
 */
import type { Client, KubeObject, Resource } from '@sluice/kube';
import type { HandlerResult, PatchStatusEffect } from '@sluice/sansio';
import { ANCESTORS, type EntryList, mergeEntries, PARENTS } from './entry-merge.ts';
import { isRecord, sameJson } from './json-comparison.ts';
import type { ObjectStore } from './object-store.ts';
import { createSettledWrites } from './settled-writes.ts';
import { fitConditions, holdsStatus, surplusKeys } from './status-shape.ts';
import { failureOf } from './write-failure.ts';

export interface WritePorts {
  readonly client: Client;
  readonly store: ObjectStore;
  /** How this API server serves the kind; undefined: it does not. */
  readonly resourceOf: (ref: { group: string; kind: string }) => Resource | undefined;
}

export interface StatusWriter {
  /** Whether the store holds this status already. */
  isWritten(effect: PatchStatusEffect): boolean;
  write(effect: PatchStatusEffect): Promise<HandlerResult>;
}

export interface StatusWriterOptions extends WritePorts {
  readonly controllerName: string;
}

/** What is to be sent; undefined: nothing. */
type StatusWrite =
  | { readonly kind: 'replace'; readonly object: KubeObject }
  | { readonly kind: 'apply'; readonly object: KubeObject };

export function createStatusWriter(options: StatusWriterOptions): StatusWriter {
  const { client, store, resourceOf } = options;
  const settled = createSettledWrites();
  // Most effects and objects are the same as in the turn before: a look instead of a comparison.
  const heldBy = new WeakMap<PatchStatusEffect, KubeObject>();
  const plan = (effect: PatchStatusEffect, live: KubeObject): StatusWrite | undefined => {
    const list = listOf(effect.status);
    if (list !== undefined) return planReplace(effect, live, options.controllerName);
    if (settled.isSettled(live, effect.status)) return undefined;
    return planApply(effect, live);
  };
  return {
    isWritten(effect) {
      const before = heldBy.get(effect);
      if (before !== undefined && store.holds(before)) return true;
      const live = store.find(effect.target);
      if (live === undefined) return false;
      const isHeld = plan(effect, live) === undefined;
      if (isHeld) heldBy.set(effect, live);
      return isHeld;
    },
    async write(effect) {
      const { target } = effect;
      const live = store.find(target);
      const resource = resourceOf(target);
      const action = `write the status of ${target.kind} ${target.namespace ?? ''}/${target.name}`;
      if (live === undefined || resource === undefined) {
        return { kind: 'failed', reason: 'not-found', message: `${action}: it is gone` };
      }
      const write = plan(effect, live);
      if (write === undefined) return { kind: 'unchanged' };
      try {
        const written = await client[write.kind](resource, write.object, { subresource: 'status' });
        store.noteWritten(target, written);
        const now = store.find(target);
        if (write.kind === 'apply' && now !== undefined) settled.settle(now, effect.status);
        return { kind: 'done' };
      } catch (error) {
        return failureOf(error, action);
      }
    },
  };
}

function listOf(status: object): EntryList | undefined {
  if ('parents' in status) return PARENTS;
  return 'ancestors' in status ? ANCESTORS : undefined;
}

function planReplace(
  { status }: PatchStatusEffect,
  live: KubeObject,
  controllerName: string,
): StatusWrite | undefined {
  const list = listOf(status) ?? PARENTS;
  const before = entriesOf(live['status'], list.field);
  const after = mergeEntries(before, entriesOf(status, list.field), { controllerName, list });
  if (sameJson(before, after)) return undefined;
  const others = isRecord(live['status']) ? live['status'] : {};
  const { apiVersion, kind } = live;
  const { metadata } = live;
  return {
    kind: 'replace',
    object: { apiVersion, kind, metadata, status: { ...others, [list.field]: after } },
  };
}

function planApply(
  { target, status }: PatchStatusEffect,
  live: KubeObject,
): StatusWrite | undefined {
  const desired = fitConditions(status, live['status']);
  const isStale = surplusKeys(desired, live['status']).length > 0;
  if (!isStale && holdsStatus(desired, live['status'])) return undefined;
  const { namespace, name } = target;
  const metadata = namespace === undefined ? { name } : { namespace, name };
  return {
    kind: 'apply',
    object: { apiVersion: live.apiVersion, kind: live.kind, metadata, status: desired },
  };
}

function entriesOf(status: unknown, field: string): readonly unknown[] {
  const entries = isRecord(status) ? status[field] : undefined;
  return Array.isArray(entries) ? entries : [];
}
