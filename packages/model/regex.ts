/**
 * Regular expressions that users write, always matched in time linear in the input.
 *
 * Syntax: RE2's, of which the Gateway API floor (GEP-4359) is a subset; no backreference, no
 * look-around. A pattern must match the **whole** value, as with Envoy: `/users/[0-9]+` does not
 * match `/users/7/edit`; write `.*` where more may follow. `^` and `$` at the ends change nothing.
 *
 * V8's engine backtracks, so it only gets patterns that are provably deterministic (the greater
 * part of those in use, and several times faster); re2js matches the others.
 */
import { RE2JS } from 're2js';
import { translateDeterministic } from './regex-translation.ts';

export interface TextMatcher {
  /** Whether the whole of `text` matches. */
  test(text: string): boolean;
}

export type RegexCheck = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/** Longest pattern that is taken, in UTF-16 code units: the API's limit for header values. */
export const REGEX_LENGTH_MAX = 4096;
/** Most instructions of a compiled pattern: bounds the time per character and the memory. */
export const REGEX_INSTRUCTIONS_MAX = 20_000;

/** Whether a pattern can be used, and if not, why in one sentence without a final period. */
export function checkRegex(pattern: string): RegexCheck {
  const compiled = parseRegex(pattern);
  return typeof compiled === 'string' ? { ok: false, problem: compiled } : { ok: true };
}

/** The matcher for a pattern, or what is wrong with it. */
export function compileRegex(pattern: string): TextMatcher | string {
  const compiled = parseRegex(pattern);
  if (typeof compiled === 'string') return compiled;
  const source = translateDeterministic(pattern);
  if (source !== undefined) return new RegExp(`^(?:${source})$`, 'u');
  return { test: (text) => compiled.testExact(text) };
}

function parseRegex(pattern: string): RE2JS | string {
  if (pattern.length > REGEX_LENGTH_MAX) {
    return `the pattern is longer than ${REGEX_LENGTH_MAX} characters`;
  }
  try {
    const compiled = RE2JS.compile(pattern);
    if (compiled.programSize() <= REGEX_INSTRUCTIONS_MAX) return compiled;
    return 'the pattern is too large once its repetitions are expanded';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
