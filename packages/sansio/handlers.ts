/**
 * EffectHandlers: the port through which a controller acts. One method per effect that reaches
 * out; `requeue-at` is the loop's own affair.
 *
 * A handler compares with what its store holds and answers `unchanged` instead of sending what is
 * there already. Expected failures are results; a rejection is taken as `unexpected`.
 */
import type {
  ApplyEffect,
  DeleteEffect,
  EmitEventEffect,
  PatchStatusEffect,
  PublishConfigEffect,
} from './effect.ts';
import type { HandlerResult } from './outcome.ts';

export interface EffectHandlers<Config = unknown> {
  emitEvent(effect: EmitEventEffect): Promise<HandlerResult>;
  patchStatus(effect: PatchStatusEffect): Promise<HandlerResult>;
  apply(effect: ApplyEffect): Promise<HandlerResult>;
  publishConfig(effect: PublishConfigEffect<Config>): Promise<HandlerResult>;
  delete(effect: DeleteEffect): Promise<HandlerResult>;
}
