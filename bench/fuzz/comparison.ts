/**
 * Judges our transcript of an input against the reference's.
 *
 * Whatever we let pass, the reference must have read in the same way; where we refuse and it does
 * not, the reason has to be on the written list (stricter.ts).
 */
import { isDeepStrictEqual } from 'node:util';
import { STRICTER } from './stricter.ts';
import type { MessageRecord, Transcript } from './transcript.ts';

export type Verdict =
  | { readonly kind: 'agree' }
  /** Refused by us only, for a reason that is on the list. */
  | { readonly kind: 'stricter'; readonly reason: string }
  | { readonly kind: 'fault'; readonly message: string };

export function compare(ours: Transcript, reference: Transcript): Verdict {
  for (let index = 0; index < ours.messages.length; index += 1) {
    const message = ours.messages[index] as MessageRecord;
    const difference = differenceOf(message, reference.messages[index]);
    if (difference !== '') {
      const cause = reference.error === '' ? '' : ` (reference: ${reference.error})`;
      return { kind: 'fault', message: `message ${index}: ${difference}${cause}` };
    }
    // Where the reference stops for good there is nothing to compare with.
    const { upgrades, keepAlive } = reference.messages[index] as MessageRecord;
    if (upgrades || !keepAlive) return { kind: 'agree' };
  }
  const last = ours.messages.at(-1);
  const isInBody = last !== undefined && !last.isComplete;
  if (ours.error === '') {
    const data = reference.messages.at(ours.messages.length - 1)?.body ?? '';
    const isPast = isInBody && reference.error !== '' && last.body.length > data.length;
    return isPast
      ? { kind: 'fault', message: `reads data past ${reference.error}` }
      : { kind: 'agree' };
  }
  const refused = ours.messages.length - (isInBody ? 1 : 0);
  const referenceComplete = reference.messages[refused]?.isComplete ?? false;
  if (reference.error !== '' && !referenceComplete) return { kind: 'agree' };
  if (STRICTER.has(ours.error)) return { kind: 'stricter', reason: ours.error };
  return { kind: 'fault', message: `refuses for a reason that is not listed: ${ours.error}` };
}

function differenceOf(ours: MessageRecord, reference: MessageRecord | undefined): string {
  if (reference === undefined) return `accepts ${ours.start}, which the reference refuses`;
  if (ours.start !== reference.start) return `reads ${ours.start} for ${reference.start}`;
  if (!isDeepStrictEqual(ours.fields, reference.fields)) {
    return `reads fields ${JSON.stringify(ours.fields)} for ${JSON.stringify(reference.fields)}`;
  }
  if (ours.isComplete && !reference.isComplete) return 'ends a body where the reference does not';
  if (ours.isComplete && ours.body !== reference.body) {
    return `reads body ${JSON.stringify(ours.body)} for ${JSON.stringify(reference.body)}`;
  }
  if (!reference.body.startsWith(ours.body) && !ours.body.startsWith(reference.body)) {
    return `reads body ${JSON.stringify(ours.body)} for ${JSON.stringify(reference.body)}`;
  }
  if (ours.isComplete && !isDeepStrictEqual(ours.trailers, reference.trailers)) {
    return `reads trailers ${JSON.stringify(ours.trailers)}`;
  }
  const stays = ours.isComplete && ours.keepAlive && !reference.upgrades;
  if (stays && !reference.keepAlive && !hasProxyConnection(ours)) {
    return 'keeps a connection alive that the reference closes';
  }
  return '';
}

/** The reference obeys this field of old; RFC 9112 appendix C.2.2 says not to. */
function hasProxyConnection(message: MessageRecord): boolean {
  return message.fields.some((field) => field.toLowerCase().startsWith('proxy-connection:'));
}
