/** What went wrong with a request to the API server, as the loop knows failures. */
import type { HandlerResult } from '@sluice/sansio';
import { reasonOf } from '../cluster/failure.ts';

/** `action` names verb and object: what the reader has to look at. */
export function failureOf(error: unknown, action: string): HandlerResult {
  const detail = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', reason: reasonOf(error), message: `${action}: ${detail}` };
}
