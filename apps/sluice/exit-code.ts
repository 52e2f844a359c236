/** Exit codes, documented in `sluice --help` and fit for scripts. */
export const EXIT_CODE = {
  ok: 0,
  /** The command ran and found something wrong in the objects it was given. */
  findings: 1,
  /** The command line or a file it names can't be used. */
  usage: 2,
  /** A fault of Sluice itself or of its surroundings. */
  failure: 3,
} as const;

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];

/** Ends a command with exit code 2: `message` says what is wrong and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
