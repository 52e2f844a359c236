/** What a client gets when a backend has answered: timeouts, retries, response filters, CORS. */
import type { FilterConfig, RuleConfig } from '@sluice/model';
import { answerCors } from './cors-answer.ts';
import { editHeaders, type Headers } from './headers.ts';

export interface BackendAnswer {
  readonly headers?: Headers;
  /** A status so many times, then 200. */
  readonly failures?: { readonly status: number; readonly times: number };
  /** How long each answer takes. */
  readonly delayMs?: number;
}

/**
 * Status for the client. HTTPRouteRetry: `attempts` are tries beyond the first, and the last status
 * is passed on. HTTPRouteTimeouts: `request` bounds all tries together, `backendRequest` each one;
 * 0 is none. Back-off counts as no time.
 */
export function statusOf(answer: BackendAnswer, rule: RuleConfig): number {
  const { failures: { status = 200, times = 0 } = {}, delayMs = 0 } = answer;
  const { requestMs = 0, backendRequestMs = 0 } = rule.timeouts ?? {};
  const { attempts = 0, codes = [] } = rule.retry ?? {};
  let elapsedMs = 0;
  for (let tried = 0; ; tried += 1) {
    const isLate = backendRequestMs > 0 && delayMs > backendRequestMs;
    elapsedMs += isLate ? backendRequestMs : delayMs;
    if (requestMs > 0 && elapsedMs > requestMs) return 504;
    const answered = isLate ? 504 : tried < times ? status : 200;
    const isWorthRetrying = isLate ? rule.retry !== undefined : codes.includes(answered);
    if (!isWorthRetrying || tried >= attempts) return answered;
  }
}

export function filterResponse(
  answer: BackendAnswer,
  filters: readonly FilterConfig[],
  request: { readonly method: string; readonly headers: Headers },
): Headers {
  let headers = answer.headers ?? {};
  for (const filter of filters) {
    if (filter.kind === 'response-headers') headers = editHeaders(headers, filter);
    if (filter.kind !== 'cors') continue;
    headers = { ...headers, ...answerCors(filter, request.method, request.headers) };
  }
  return headers;
}
