/**
 * Programmed: the data plane says which config version it serves, and that is all there is to it.
 *
 * Versions change with every endpoint; a Gateway that was programmed at this generation stays so
 * while the next version is on its way.
 */
import type { Condition } from '../objects.ts';
import { CONDITION } from '../reasons.ts';
import type { Ack } from '../snapshot.ts';

export interface ProgrammedContext {
  /** `namespace/name` of the Gateway. */
  readonly gateway: string;
  readonly version: string;
  readonly acks: readonly Ack[];
  readonly generation: number;
  /** Conditions of the Gateway as they are now. */
  readonly previous: readonly Condition[] | undefined;
}

export function isProgrammed(context: ProgrammedContext): boolean {
  const acks = context.acks.filter((ack) => ack.gateway === context.gateway);
  if (acks.length === 0) return false;
  if (acks.every((ack) => ack.version === context.version)) return true;
  return (context.previous ?? []).some(
    (condition) =>
      condition.type === CONDITION.programmed &&
      condition.status === 'True' &&
      condition.observedGeneration === context.generation,
  );
}
