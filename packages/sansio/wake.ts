/**
 * Wake: the closed set of things that can start a turn. Nothing else does; whoever asks why the
 * controller moved finds one of these four in the turn's record.
 */
import type { ObjectRef } from './effect.ts';
import { objectKey } from './effect-id.ts';

export type Wake =
  /** An object was added, changed or removed, or a store has finished its first list. */
  | { readonly kind: 'object-event'; readonly object: ObjectRef }
  /** A data plane says what it serves. */
  | { readonly kind: 'ack'; readonly source: string }
  /** A time that a turn asked for, or the end of a back-off. */
  | { readonly kind: 'timer'; readonly name: string }
  /** This process began or ceased to lead. */
  | { readonly kind: 'leadership' };

/** Wakes of one key coalesce while they wait. */
export function wakeKey(wake: Wake): string {
  switch (wake.kind) {
    case 'object-event':
      return `object-event/${objectKey(wake.object)}`;
    case 'ack':
      return `ack/${wake.source}`;
    case 'timer':
      return `timer/${wake.name}`;
    case 'leadership':
      return 'leadership';
    default:
      return assertNever(wake);
  }
}

function assertNever(wake: never): never {
  throw new Error(`not a wake: ${JSON.stringify(wake)}`);
}
