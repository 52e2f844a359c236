/**
 * Kubernetes Events (events.k8s.io/v1) from effects: one object for each subject, reason and
 * message while the API server keeps it, whoever says it again and after whatever restart. At most
 * `burst` at once and `perMinute` in the long run; what is beyond is dropped and counted, since
 * status says the same in full.
 */
import { createHash } from 'node:crypto';
import { ApiError, type Client, type KubeObject, type Resource } from '@sluice/kube';
import type { EmitEventEffect, HandlerResult, ObjectRef } from '@sluice/sansio';
import { failureOf } from './write-failure.ts';

const EVENTS: Resource = {
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  namespaced: true,
};

export interface EventRecorder {
  record(effect: EmitEventEffect): Promise<HandlerResult>;
  readonly dropped: number;
}

export interface EventRecorderOptions {
  readonly client: Client;
  readonly find: (ref: ObjectRef) => KubeObject | undefined;
  readonly controllerName: string;
  /** Name of this replica. */
  readonly instance: string;
  readonly now: () => number;
  readonly burst?: number;
  readonly perMinute?: number;
}

const ALREADY_EXISTS = 409;

/** API's limit on the note. */
const NOTE_LENGTH_MAX = 1_024;

export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { burst = 25, perMinute = 30 } = options;
  let tokens = burst;
  let refilledAt = options.now();
  let dropped = 0;
  const takeToken = (now: number): boolean => {
    tokens = Math.min(burst, tokens + ((now - refilledAt) * perMinute) / 60_000);
    refilledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
  return {
    get dropped() {
      return dropped;
    },
    async record(effect) {
      const subject = options.find(effect.subject);
      if (subject === undefined) return { kind: 'unchanged' };
      const now = options.now();
      if (!takeToken(now)) {
        dropped += 1;
        return { kind: 'unchanged' };
      }
      try {
        await options.client.create(EVENTS, renderEvent(effect, subject, { ...options, at: now }));
        return { kind: 'done' };
      } catch (error) {
        if (error instanceof ApiError && error.code === ALREADY_EXISTS)
          return { kind: 'unchanged' };
        return failureOf(error, `tell of ${effect.reason} by an Event`);
      }
    },
  };
}

/** Cluster-scoped objects have their Events in `default`, as everywhere in Kubernetes. */
function renderEvent(
  { subject, type, reason, message }: EmitEventEffect,
  { apiVersion, kind, metadata }: KubeObject,
  { controllerName, instance, at }: { controllerName: string; instance: string; at: number },
): KubeObject {
  const namespace = subject.namespace ?? 'default';
  const identity = JSON.stringify([subject, metadata.uid, reason, message]);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { namespace, name: `${subject.name.slice(0, 200)}.${hash}` },
    eventTime: `${new Date(at).toISOString().slice(0, -1)}000Z`,
    reportingController: controllerName,
    reportingInstance: instance.slice(0, 128),
    action: 'Reconcile',
    type,
    reason,
    note: message.slice(0, NOTE_LENGTH_MAX),
    regarding: {
      apiVersion,
      kind,
      namespace: subject.namespace,
      name: subject.name,
      uid: metadata.uid,
    },
  };
}
