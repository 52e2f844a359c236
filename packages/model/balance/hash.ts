/**
 * A 32-bit hash for keys that choose an endpoint: MurmurHash3 (x86, 32 bit) of the bytes, which
 * spreads short and similar keys evenly. Not for secrets, and not against chosen keys: who picks
 * the key (a client) may pick its endpoint anyway.
 *
 * Stable for ever: all workers and replicas must send one key to one endpoint.
 */

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/** Unsigned 32-bit hash of `bytes[start, end)`. */
export function hashBytes(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0): number {
  return hashUnits((index) => bytes[start + index] ?? 0, end - start, seed);
}

/** Unsigned 32-bit hash of a string; equals that of its Latin-1 bytes where it has them. */
export function hashString(text: string, seed = 0): number {
  return hashUnits((index) => text.charCodeAt(index), text.length, seed);
}

/** Spreads every bit of a 32-bit integer over all of them; unsigned. */
export function mixHash(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Units above 255 overlap their neighbours in a word: still a function of the whole text. */
function hashUnits(unit: (index: number) => number, length: number, seed: number): number {
  const whole = length & ~3;
  let hash = seed;
  for (let index = 0; index < whole; index += 4) {
    const word =
      unit(index) ^ (unit(index + 1) << 8) ^ (unit(index + 2) << 16) ^ (unit(index + 3) << 24);
    hash ^= scramble(word);
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  let tail = 0;
  for (let index = length - 1; index >= whole; index--) tail = (tail << 8) ^ unit(index);
  return mixHash(hash ^ scramble(tail) ^ length);
}

function scramble(word: number): number {
  const scaled = Math.imul(word, C1);
  return Math.imul((scaled << 15) | (scaled >>> 17), C2);
}
