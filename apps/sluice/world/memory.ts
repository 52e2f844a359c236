/** How a long-running command uses memory. */
import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the space for young objects at its first size. V8 would let it grow to 48 MiB under load
 * and keep it; what a proxy allocates per request dies at once, so a small space costs no more time
 * (docs/adr/0010-memory.md). To be called before the work begins.
 */
export function keepYoungSpaceSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
