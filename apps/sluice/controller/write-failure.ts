/** What went wrong with a request to the API server, as the loop knows failures. */
import { ApiError } from '@sluice/kube';
import type { FailureReason, HandlerResult } from '@sluice/sansio';

/** `action` names verb and object: what the reader has to look at. */
export function failureOf(error: unknown, action: string): HandlerResult {
  const detail = error instanceof Error ? error.message : String(error);
  const reason = error instanceof ApiError ? reasonOf(error.code) : 'unavailable';
  return { kind: 'failed', reason, message: `${action}: ${detail}` };
}

function reasonOf(code: number): FailureReason {
  switch (code) {
    case 404:
      return 'not-found';
    case 409:
      return 'conflict';
    case 401:
    case 403:
      return 'forbidden';
    case 400:
    case 413:
    case 415:
    case 422:
      return 'invalid';
    default:
      return 'unavailable';
  }
}
