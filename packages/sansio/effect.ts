/**
 * Effects: what a controller wants done, as data.
 *
 * A reconciler is a pure function from a snapshot to a result; the executor is the only place that
 * acts. Effects of one result have distinct ids, and equal intentions have equal ids, so that a
 * second turn over the same world yields the same list.
 *
 * Invariant: this package does not know any API's kinds; objects are opaque.
 */

/** Identifies an object of an API server. `namespace` is absent for cluster-scoped kinds. */
export interface ObjectRef {
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A status write. The executor compares with what the store holds and skips what is equal. */
export interface PatchStatusEffect {
  readonly kind: 'patch-status';
  readonly id: string;
  readonly target: ObjectRef;
  /** The whole desired status as far as the controller owns it. */
  readonly status: object;
}

/** Server-side apply of a whole object under the controller's field manager. */
export interface ApplyEffect {
  readonly kind: 'apply';
  readonly id: string;
  readonly target: ObjectRef;
  readonly object: object;
}

export interface DeleteEffect {
  readonly kind: 'delete';
  readonly id: string;
  readonly target: ObjectRef;
}

/** Hands a config to whoever serves it; `content` is opaque here. */
export interface PublishConfigEffect<Config = unknown> {
  readonly kind: 'publish-config';
  readonly id: string;
  readonly target: ObjectRef;
  readonly version: string;
  readonly content: Config;
}

export interface EmitEventEffect {
  readonly kind: 'emit-event';
  readonly id: string;
  readonly subject: ObjectRef;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** Ask for another turn at a time, whatever else happens. */
export interface RequeueAtEffect {
  readonly kind: 'requeue-at';
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason: string;
}

export type Effect<Config = unknown> =
  | PatchStatusEffect
  | ApplyEffect
  | DeleteEffect
  | PublishConfigEffect<Config>
  | EmitEventEffect
  | RequeueAtEffect;
