/**
 * What a match asks beyond host and exact or prefix path, in the form in which it is tested.
 *
 * `rejection` is the only place that decides; `matchRequest` and `traceMatch` both call it.
 */
import type { MatchConfig, ValueMatchConfig } from './config.ts';
import { findQueryValue } from './query.ts';
import { compileRegex, type TextMatcher } from './regex.ts';
import type { RequestView } from './request.ts';

export interface Conditions {
  readonly path: TextMatcher | undefined;
  readonly method: string | undefined;
  /** Each name once, lower case. */
  readonly headers: readonly ValueCondition[];
  /** Each name once. */
  readonly query: readonly ValueCondition[];
}

export interface ValueCondition {
  readonly config: ValueMatchConfig;
  /** Undefined: compare with `config.value`. */
  readonly regex: TextMatcher | undefined;
}

/** What `rejection` answers when nothing rejects the request. */
export const ACCEPTED = 0;
export const REJECTED_BY_PATH = 1;
export const REJECTED_BY_METHOD = 2;
/** Plus the index of the header; then come the query parameters. */
export const REJECTED_BY_VALUE = 3;

/** One for all that ask nothing more: most do, and it is at hand when it is shared. */
export const UNCONDITIONAL: Conditions = {
  path: undefined,
  method: undefined,
  headers: [],
  query: [],
};

/**
 * Only the first of several entries with one name counts (Gateway API, HTTPHeaderMatch.name and
 * HTTPQueryParamMatch.name). Returns a message instead when a regular expression is refused.
 */
export function compileConditions(match: MatchConfig): Conditions | string {
  const { method, headers, query } = match;
  const isPlain = match.path.kind !== 'regex' && method === undefined;
  if (isPlain && headers.length + query.length === 0) return UNCONDITIONAL;
  const regexes = new Map<string, TextMatcher>();
  for (const pattern of patternsOf(match)) {
    const compiled = compileRegex(pattern);
    if (typeof compiled === 'string') return compiled;
    regexes.set(pattern, compiled);
  }
  const compileValue = (config: ValueMatchConfig): ValueCondition => ({
    config,
    regex: config.kind === 'regex' ? regexes.get(config.value) : undefined,
  });
  return {
    path: match.path.kind === 'regex' ? regexes.get(match.path.value) : undefined,
    method,
    headers: withoutRepeatedNames(headers).map(compileValue),
    query: withoutRepeatedNames(query).map(compileValue),
  };
}

/** `ACCEPTED`, or which condition is the first that `request` fails. */
export function rejection(conditions: Conditions, request: RequestView): number {
  const { path, method, headers, query } = conditions;
  if (path !== undefined && !path.test(request.path)) return REJECTED_BY_PATH;
  if (method !== undefined && method !== request.method) return REJECTED_BY_METHOD;
  for (let index = 0; index < headers.length; index++) {
    const header = headers[index];
    if (header !== undefined && !acceptsValue(header, request.header(header.config.name))) {
      return REJECTED_BY_VALUE + index;
    }
  }
  for (let index = 0; index < query.length; index++) {
    const entry = query[index];
    if (
      entry !== undefined &&
      !acceptsValue(entry, findQueryValue(request.query, entry.config.name))
    ) {
      return REJECTED_BY_VALUE + headers.length + index;
    }
  }
  return ACCEPTED;
}

function acceptsValue(condition: ValueCondition, value: string | undefined): boolean {
  if (value === undefined) return false;
  return condition.regex === undefined
    ? condition.config.value === value
    : condition.regex.test(value);
}

function patternsOf(match: MatchConfig): string[] {
  const values = [...match.headers, ...match.query, match.path];
  return values.filter((value) => value.kind === 'regex').map((value) => value.value);
}

function withoutRepeatedNames(values: readonly ValueMatchConfig[]): readonly ValueMatchConfig[] {
  if (values.length < 2) return values;
  const seen = new Set<string>();
  return values.filter(({ name }) => {
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}
