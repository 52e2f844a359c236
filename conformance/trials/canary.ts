/**
 * A private key and how to recognise it wherever it turns up: as octets, hexadecimal and base64 of
 * its scalar, of its PEM lines, and inside of what is compressed.
 */
import { createPrivateKey } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { createLocalCertificate } from '@sluice/pki';

export interface Canary {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** A piece of the key that fits into an argument, a variable or a path. */
  readonly piece: string;
  isIn(content: Buffer | string): boolean;
}

const days = 1;
/** Shorter pieces of base64 could be anything. */
const pieceLengthMin = 24;
const depthMax = 4;

export async function makeCanary(hostname: string): Promise<Canary> {
  const made = await createLocalCertificate({ hostnames: [hostname], now: Date.now(), days });
  const { certificatePem, privateKeyPem } = made;
  const scalar = scalarOf(privateKeyPem);
  const lines = privateKeyPem.split('\n').filter((line) => isSecretLine(line, privateKeyPem));
  const needles = [scalar, ...lines.map((line) => Buffer.from(line))].flatMap(encodingsOf);
  const holds = (content: Buffer): boolean => needles.some((needle) => content.includes(needle));
  return {
    certificatePem,
    privateKeyPem,
    piece: scalar.toString('base64url'),
    isIn: (content) => search(Buffer.from(content), holds, depthMax),
  };
}

function scalarOf(privateKeyPem: string): Buffer {
  const { d } = createPrivateKey(privateKeyPem).export({ format: 'jwk' });
  if (d === undefined) throw new Error('the key is of a kind that has no scalar');
  return Buffer.from(d, 'base64url');
}

/** The first line is the same for all keys of a kind, the last may be short. */
function isSecretLine(line: string, pem: string): boolean {
  const body = pem.split('\n').filter((one) => one !== '' && !one.startsWith('-----'));
  return body.indexOf(line) > 0 && line.length >= pieceLengthMin;
}

/** As it is, in hexadecimal, and in base64 wherever in a longer text it begins. */
function encodingsOf(octets: Buffer): Buffer[] {
  const hexadecimal = octets.toString('hex');
  const aligned = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), octets]).toString('base64');
    // The ends depend on what stands before and after.
    const inner = text.slice(
      before === 0 ? 0 : 4,
      Math.floor(((before + octets.length) * 4) / 3) - 1,
    );
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [
    octets,
    ...[hexadecimal, hexadecimal.toUpperCase(), ...aligned].map((text) => Buffer.from(text)),
  ];
}

const compressedBase64 = /H4sI[A-Za-z0-9+/]{16,}={0,2}/g;
const gzipStart = Buffer.from([0x1f, 0x8b, 0x08]);

/** In the content, and in what is compressed in it. */
function search(content: Buffer, holds: (octets: Buffer) => boolean, depth: number): boolean {
  if (holds(content)) return true;
  if (depth === 0) return false;
  const texts = content.toString('latin1').matchAll(compressedBase64);
  const inner: Buffer[] = [...texts].map(([text]) => Buffer.from(text, 'base64'));
  if (content.indexOf(gzipStart) === 0) inner.push(content);
  return inner.some((octets) => {
    const plain = decompress(octets);
    return plain !== undefined && search(plain, holds, depth - 1);
  });
}

/** Undefined for what only looks like it. */
function decompress(octets: Buffer): Buffer | undefined {
  try {
    return gunzipSync(octets);
  } catch {
    return undefined;
  }
}
