/** Octets as text, one character each: what HTTP fields are made of (RFC 9110 section 5.5). */

/** Public in Node, and missing from its types: `toString` without choosing an encoding. */
interface Latin1Buffer {
  latin1Slice(start: number, end: number): string;
  latin1Write(text: string, offset: number): number;
}

export function latin1(bytes: Uint8Array, start: number, end: number): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (buffer as Buffer & Latin1Buffer).latin1Slice(start, end);
}

/** Writes text of characters below 256 at `offset`; gives where it ends. */
export function writeLatin1(buffer: Buffer, offset: number, text: string): number {
  return offset + (buffer as Buffer & Latin1Buffer).latin1Write(text, offset);
}
