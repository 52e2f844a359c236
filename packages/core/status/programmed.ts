/**
 * Programmed: the data plane says which config version it serves, and that is all there is to it.
 * In a cluster each ready Pod has to say so, and there has to be one.
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
  /** Addresses of the ready Pods; undefined: the data plane is no Pod. */
  readonly instances: readonly string[] | undefined;
  readonly generation: number;
  /** Conditions of the Gateway as they are now. */
  readonly previous: readonly Condition[] | undefined;
}

export function isProgrammed(context: ProgrammedContext): boolean {
  const acks = context.acks.filter((ack) => ack.gateway === context.gateway);
  const { instances, version } = context;
  if ((instances ?? acks).length === 0) return false;
  const isServed =
    instances === undefined
      ? acks.every((ack) => ack.version === version)
      : instances.every((instance) => isServedBy(instance, version, acks));
  return isServed || wasProgrammed(context);
}

function isServedBy(instance: string, version: string, acks: readonly Ack[]): boolean {
  return acks.some((ack) => ack.instance === instance && ack.version === version);
}

function wasProgrammed({ previous, generation }: ProgrammedContext): boolean {
  return (previous ?? []).some(
    (condition) =>
      condition.type === CONDITION.programmed &&
      condition.status === 'True' &&
      condition.observedGeneration === generation,
  );
}
