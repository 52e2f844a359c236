/** Copies of byte ranges. `slice` would do for a Uint8Array, and make a mere view of a Buffer. */

export function copyRange(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return Buffer.from(bytes.subarray(start, end));
}
