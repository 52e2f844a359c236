/**
 * The form of a PEM bundle of certificates (RFC 7468), as far as it can be judged without reading
 * X.509: whole blocks of base64 that hold a DER sequence. What is inside is for whoever verifies.
 */

const BLOCK = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** DER of a certificate begins with a sequence whose length has octets of its own: 0x30 0x8x. */
const SEQUENCE = 'MI';

/** Why the text is no bundle, to be read after a name; undefined: it is one. */
export function pemProblem(text: string): string | undefined {
  const begun = text.split('-----BEGIN CERTIFICATE-----').length - 1;
  if (begun === 0) return 'holds no PEM certificate';
  const blocks = Array.from(text.matchAll(BLOCK), (match) => (match[1] ?? '').replace(/\s+/g, ''));
  if (blocks.length < begun) return 'holds a PEM certificate that is cut off or damaged';
  const isSound = (block: string) =>
    block.length % 4 === 0 && block.startsWith(SEQUENCE) && BASE64.test(block);
  const bad = blocks.findIndex((block) => !isSound(block));
  if (bad < 0) return undefined;
  return `holds a PEM certificate, number ${bad + 1} of ${blocks.length}, that is not base64 of a certificate`;
}
