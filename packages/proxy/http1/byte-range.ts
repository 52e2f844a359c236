/** Copies of byte ranges. `slice` would do for a Uint8Array, and make a mere view of a Buffer. */

export function copyRange(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return Buffer.from(bytes.subarray(start, end));
}

/** Two ranges in a row, copied. */
export function joinRanges(
  one: Uint8Array,
  other: { readonly bytes: Uint8Array; readonly start: number; readonly end: number },
): Uint8Array {
  return Buffer.concat([one, other.bytes.subarray(other.start, other.end)]);
}
