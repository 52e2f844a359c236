/**
 * Deterministic ids: what an effect touches, spelled out. Equal intentions have equal ids, whatever
 * turn or process they come from, so an id can name a back-off, a log line and a test.
 *
 * Content is not part of an id: two different statuses for one object are one intention whose
 * later form wins.
 */
import type { Effect, ObjectRef } from './effect.ts';

/** An effect before it has its id. */
export type EffectIntent<Config = unknown> = WithoutId<Effect<Config>>;

type WithoutId<Member> = Member extends { readonly id: string } ? Omit<Member, 'id'> : never;

/**
 * `kind/group/Kind/namespace/name`, with the reason appended where one object may have several
 * (events, requeues). Parts that are absent are empty, so ids never collide across scopes.
 */
export function effectId(intent: EffectIntent): string {
  switch (intent.kind) {
    case 'patch-status':
    case 'apply':
    case 'delete':
    case 'publish-config':
      return `${intent.kind}/${objectKey(intent.target)}`;
    case 'emit-event':
      return `${intent.kind}/${objectKey(intent.subject)}/${intent.reason}`;
    case 'requeue-at':
      return `${intent.kind}/${intent.reason}`;
    default:
      return assertNever(intent);
  }
}

/** `group/Kind/namespace/name`; none of the parts may hold a slash in any API server. */
export function objectKey({ group, kind, namespace = '', name }: ObjectRef): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

function assertNever(intent: never): never {
  throw new Error(`not an effect: ${JSON.stringify(intent)}`);
}
