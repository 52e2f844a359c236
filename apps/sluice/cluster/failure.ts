/** Errors of the API server as outcomes: what they mean for whoever tries again. */
import type { EffectFailure, FailureReason } from '@sluice/sansio';

/** `doing` begins the message: "writing ConfigMap shop/edge-sluice". */
export function describeFailure(
  error: unknown,
  doing: string,
): { readonly kind: 'failed' } & EffectFailure {
  if (error instanceof RefusedError) {
    return { kind: 'failed', reason: error.reason, message: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', reason: reasonOf(error), message: `${doing} failed: ${message}` };
}

/** Not sent at all, and why. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Whether the API server answered that there is no such object. */
export function isAbsent(error: unknown): boolean {
  return codeOf(error) === 404;
}

export function reasonOf(error: unknown): FailureReason {
  const code = codeOf(error);
  if (code === undefined || code === 429 || code >= 500) return 'unavailable';
  if (code === 409) return 'conflict';
  if (code === 404) return 'not-found';
  if (code === 401 || code === 403) return 'forbidden';
  return 'invalid';
}

/** Status code of the answer; undefined: there was none. */
function codeOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
