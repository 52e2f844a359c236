/**
 * Content hashes: a config version is a pure function of the config's content.
 *
 * Four 32-bit lanes of FNV-1a with different offsets and a final mix (MurmurHash3's), 128 bits in
 * all. Not cryptographic: it tells versions apart, it authenticates nothing.
 */

/** Four 32-bit lanes. Hashes of parts combine into the hash of the whole without the text. */
export type ContentHash = readonly [number, number, number, number];

const PRIME = 0x01000193;
const OFFSETS: ContentHash = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35];

export function hashText(text: string): ContentHash {
  let [a, b, c, d] = OFFSETS;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, PRIME);
    b = Math.imul(b ^ unit ^ (a >>> 15), PRIME);
    c = Math.imul(c ^ unit ^ (b >>> 13), PRIME);
    d = Math.imul(d ^ unit ^ (c >>> 11), PRIME);
  }
  return [mix(a), mix(b), mix(c), mix(d)];
}

/**
 * Hash of plain JSON data. Keys count in the order in which they were set: configs are built in
 * one place each, and so always in the same order.
 */
export function hashValue(value: unknown): ContentHash {
  return hashText(JSON.stringify(value));
}

/** Order counts. */
export function combineHashes(hashes: readonly ContentHash[]): ContentHash {
  return finishSequence([hashSequence(hashes)]);
}

/**
 * Hash of a part of a sequence: a polynomial in each lane, so that the parts' hashes give that of
 * the whole, wherever it is cut.
 */
export interface SequenceHash {
  readonly sum: ContentHash;
  /** The lanes' bases to the power of the part's length. */
  readonly power: ContentHash;
}

/** Odd, so that no information is shifted out. */
const BASES: ContentHash = [0x01000193, 0x27d4eb2f, 0x165667b1, 0x2545f491];

export function hashSequence(hashes: readonly ContentHash[]): SequenceHash {
  let [a, b, c, d] = [0, 0, 0, 0];
  let [p, q, r, s] = [1, 1, 1, 1];
  for (const hash of hashes) {
    a = (Math.imul(a, BASES[0]) + hash[0]) | 0;
    b = (Math.imul(b, BASES[1]) + hash[1]) | 0;
    c = (Math.imul(c, BASES[2]) + hash[2]) | 0;
    d = (Math.imul(d, BASES[3]) + hash[3]) | 0;
    p = Math.imul(p, BASES[0]);
    q = Math.imul(q, BASES[1]);
    r = Math.imul(r, BASES[2]);
    s = Math.imul(s, BASES[3]);
  }
  return { sum: [a, b, c, d], power: [p, q, r, s] };
}

/** The parts in their order; equal sequences give equal hashes however they are cut. */
export function finishSequence(parts: readonly SequenceHash[]): ContentHash {
  let [a, b, c, d] = OFFSETS;
  for (const { sum, power } of parts) {
    a = (Math.imul(a, power[0]) + sum[0]) | 0;
    b = (Math.imul(b, power[1]) + sum[1]) | 0;
    c = (Math.imul(c, power[2]) + sum[2]) | 0;
    d = (Math.imul(d, power[3]) + sum[3]) | 0;
  }
  return [mix(a), mix(b), mix(c), mix(d)];
}

/** 32 hexadecimal digits. */
export function writeHash(hash: ContentHash): string {
  return hash.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

function mix(lane: number): number {
  let value = lane | 0;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
