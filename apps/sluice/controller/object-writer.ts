/**
 * Applies and deletes the objects that a Gateway owns. An object that the store holds as desired is
 * not sent: its content's hash stands in an annotation, so that a field which is no longer wanted
 * is noticed, and all that is wanted is there, so that another's edit is undone.
 *
 * Guarantee: what another made is neither overwritten nor deleted.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, type Client, type KubeObject, type Resource } from '@sluice/kube';
import {
  type ApplyEffect,
  type DeleteEffect,
  type HandlerResult,
  type ObjectRef,
  objectKey,
} from '@sluice/sansio';
import { createForeignObjects, findLive } from './foreign-objects.ts';
import { isRecord, isWithin } from './json-comparison.ts';
import { createSettledWrites } from './settled-writes.ts';
import type { WritePorts } from './status-writer.ts';
import { OWN_LABEL, OWN_LABEL_VALUE } from './watched-kinds.ts';
import { failureOf } from './write-failure.ts';

const CONTENT_ANNOTATION = 'sluice.dev/content';

export interface ObjectWriter {
  /** Whether the store holds the object as it is wanted. */
  isApplied(effect: ApplyEffect): boolean;
  apply(effect: ApplyEffect): Promise<HandlerResult>;
  delete(effect: DeleteEffect): Promise<HandlerResult>;
  stop(): void;
}

export function createObjectWriter({ client, store, resourceOf }: WritePorts): ObjectWriter {
  const settled = createSettledWrites();
  const foreign = createForeignObjects({ client, store, resourceOf });
  const underWay = new Map<string, Promise<HandlerResult>>();
  const isCurrent = (effect: ApplyEffect, live: KubeObject | undefined): boolean => {
    if (live === undefined) return false;
    const desired = annotate(effect.object);
    if (live.metadata.annotations?.[CONTENT_ANNOTATION] !== contentOf(desired)) return false;
    return isWithin(desired, live) || settled.isSettled(live, desired);
  };
  const applyAfter = async (
    before: Promise<unknown> | undefined,
    effect: ApplyEffect,
  ): Promise<HandlerResult> => {
    const { target } = effect;
    if (isCurrent(effect, store.find(target))) return { kind: 'unchanged' };
    const resource = resourceOf(target);
    if (resource === undefined) return notServed(target);
    await before;
    const desired = annotate(effect.object);
    try {
      const found = store.find(target) ?? (await findLive(client, resource, target));
      if (found !== undefined && !hasSameOwner(found, effect.object)) {
        foreign.note(target, found);
        return isForeign(target);
      }
      store.noteWritten(target, await applyPatiently(client, resource, desired as KubeObject));
      const live = store.find(target);
      if (live !== undefined) settled.settle(live, desired);
      return { kind: 'done' };
    } catch (error) {
      return failureOf(error, `apply ${nameOf(target)}`);
    }
  };
  return {
    isApplied: (effect) => isCurrent(effect, store.find(effect.target)),
    apply(effect) {
      const key = objectKey(effect.target);
      const result = applyAfter(underWay.get(roleKeyOf(effect)), effect).finally(() => {
        if (underWay.get(key) === result) underWay.delete(key);
      });
      underWay.set(key, result);
      return result;
    },
    async delete({ target }) {
      const resource = resourceOf(target);
      if (resource === undefined) return notServed(target);
      try {
        const found = store.find(target) ?? (await findLive(client, resource, target));
        if (found === undefined || !isManaged(found)) return { kind: 'unchanged' };
        await client.delete(resource, target);
        return { kind: 'done' };
      } catch (error) {
        return failureOf(error, `delete ${nameOf(target)}`);
      }
    },
    stop: () => foreign.stop(),
  };
}

/** The role that a binding names; the API server wants it to be there first. */
function roleKeyOf({ target, object }: ApplyEffect): string {
  const { roleRef } = object as { readonly roleRef?: { kind?: string; name?: string } };
  return objectKey({ ...target, kind: roleRef?.kind ?? '', name: roleRef?.name ?? '' });
}

/** An API server looks for the role that a new binding names some milliseconds behind. */
const ROLE_PAUSES_MS = [10, 40, 150];

async function applyPatiently(
  client: Client,
  resource: Resource,
  desired: KubeObject,
): Promise<KubeObject> {
  for (const pauseMs of resource.kind === 'RoleBinding' ? ROLE_PAUSES_MS : []) {
    try {
      return await client.apply(resource, desired);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 404) throw error;
      await delay(pauseMs);
    }
  }
  return client.apply(resource, desired);
}

/** What is wanted without an owner is nobody's in particular. */
function hasSameOwner(live: KubeObject, desired: object): boolean {
  const wanted = ownersOf(desired as KubeObject);
  const owners = ownersOf(live);
  return wanted.length === 0 || wanted.some((uid) => owners.includes(uid));
}

function ownersOf({ metadata }: KubeObject): readonly unknown[] {
  const references = metadata['ownerReferences'];
  if (!Array.isArray(references)) return [];
  return references.map((reference) => (isRecord(reference) ? reference['uid'] : undefined));
}

function isManaged({ metadata }: KubeObject): boolean {
  return metadata.labels?.[OWN_LABEL] === OWN_LABEL_VALUE;
}

function isForeign(target: ObjectRef): HandlerResult {
  const message = `${nameOf(target)} is somebody else's and is left as it is`;
  return { kind: 'failed', reason: 'conflict', message };
}

const annotated = new WeakMap<object, object>();

/** The object with its content's hash among its annotations; the same for the same object. */
function annotate(object: object): object {
  const known = annotated.get(object);
  if (known !== undefined) return known;
  const metadata = 'metadata' in object && isRecord(object.metadata) ? object.metadata : {};
  const own = isRecord(metadata['annotations']) ? metadata['annotations'] : {};
  const hash = createHash('sha256').update(JSON.stringify(object)).digest('hex').slice(0, 32);
  const annotations = { ...own, [CONTENT_ANNOTATION]: hash };
  const result = { ...object, metadata: { ...metadata, annotations } };
  annotated.set(object, result);
  return result;
}

function contentOf(object: object): unknown {
  const metadata = 'metadata' in object && isRecord(object.metadata) ? object.metadata : {};
  const annotations = isRecord(metadata['annotations']) ? metadata['annotations'] : {};
  return annotations[CONTENT_ANNOTATION];
}

function notServed(target: ObjectRef): HandlerResult {
  const message = `the API server does not serve ${target.kind} of group "${target.group}"`;
  return { kind: 'failed', reason: 'not-found', message };
}

function nameOf({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
