/** What a client gets back when a backend has answered: retries, response filters, CORS. */
import type { FilterConfig, RetryConfig } from '@sluice/model';
import { answerCors } from './cors-answer.ts';
import { editHeaders, type Headers } from './headers.ts';

export interface BackendAnswer {
  readonly headers?: Headers;
  /** A status so many times, then 200. */
  readonly failures?: { readonly status: number; readonly times: number };
}

/** HTTPRouteRetry: `attempts` are tries beyond the first; the last status is passed on. */
export function statusAfterRetries(answer: BackendAnswer, retry: RetryConfig | undefined): number {
  const { status = 200, times = 0 } = answer.failures ?? {};
  const attempts = retry?.codes.includes(status) === true ? retry.attempts : 0;
  return attempts < times ? status : 200;
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
