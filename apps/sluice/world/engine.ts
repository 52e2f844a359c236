/** How V8 is to work for a command that serves. See docs/adr/0010-engine.md, with figures. */
import { setFlagsFromString } from 'node:v8';

const FLAGS: readonly string[] = [
  // What a proxy allocates for a request dies at once: a small space for young objects costs no
  // time, and does not grow to 48 MiB that are never given back.
  '--semi-space-growth-factor=1',
  // Helper threads for so small a space cost more than they give.
  '--no-parallel-scavenge',
  // The request path is many small functions: let them become one.
  '--max-inlined-bytecode-size=1000',
  '--max-inlined-bytecode-size-cumulative=3000',
];

/** To be called before anything else is loaded: loading alone makes the young space grow. */
export function tuneForServing(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
}

/**
 * The same for the controller: it holds what it knows of the cluster and little else, so the heap
 * need not be twice as large as what is in use before it is looked through again.
 */
export function tuneForControlling(): void {
  tuneForServing();
  setFlagsFromString('--heap-growing-percent=50');
}
