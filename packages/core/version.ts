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
  let [a, b, c, d] = OFFSETS;
  for (const hash of hashes) {
    a = Math.imul(a ^ hash[0], PRIME) + hash[3];
    b = Math.imul(b ^ hash[1], PRIME) + (a ^ (a >>> 15));
    c = Math.imul(c ^ hash[2], PRIME) + (b ^ (b >>> 13));
    d = Math.imul(d ^ hash[3], PRIME) + (c ^ (c >>> 11));
  }
  const { length } = hashes;
  return [mix(a ^ length), mix(b + length), mix(c ^ length), mix(d + length)];
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
