/**
 * PEM text as blocks (RFC 7468). Text between blocks is ignored, as OpenSSL does.
 */

export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY`, … */
  readonly label: string;
  /** The block with its boundary lines. */
  readonly text: string;
}

const blockPattern = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n[^-]*-----END \1-----/g;

export function readPemBlocks(text: string): readonly PemBlock[] {
  return [...text.matchAll(blockPattern)].map(([block, label]) => ({
    label: label ?? '',
    text: `${block}\n`,
  }));
}
