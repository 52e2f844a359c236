/**
 * Outcomes: what became of each effect, as data. A failed effect is a value for the next turn,
 * never an exception that takes the other effects with it.
 */
import type { Effect } from './effect.ts';

/** What a handler says of one effect. */
export type HandlerResult =
  | { readonly kind: 'done' }
  /** The world already was as desired; nothing was sent. */
  | { readonly kind: 'unchanged' }
  | ({ readonly kind: 'failed' } & EffectFailure);

export interface EffectFailure {
  readonly reason: FailureReason;
  /** For people; names the object and what the other side answered. */
  readonly message: string;
}

/**
 * - `conflict`: the object changed under us; the next snapshot has the newer one.
 * - `not-found`: the target is gone.
 * - `forbidden`, `invalid`: the other side refuses; trying again helps only after a change there.
 * - `unavailable`: nobody answered, or asked us to come back later.
 * - `timeout`: the handler did not end within the limit. The write may still arrive.
 * - `duplicate`: an effect of the same id stands earlier in the list; a defect of the reconciler.
 * - `unexpected`: the handler threw.
 */
export type FailureReason =
  | 'conflict'
  | 'not-found'
  | 'forbidden'
  | 'invalid'
  | 'unavailable'
  | 'timeout'
  | 'duplicate'
  | 'unexpected';

export type EffectOutcome<Config = unknown> = { readonly effect: Effect<Config> } & (
  | HandlerResult
  /** Not tried: another replica leads, or an earlier failure is still backing off. */
  | { readonly kind: 'skipped'; readonly because: 'not-leader' | 'backing-off' }
  /** A `requeue-at`, for the loop to keep. */
  | { readonly kind: 'scheduled' }
);
