/**
 * Patterns of the schemas and their CEL rules. They come from the CRDs, never from users, are
 * written for RE2 and use only what JavaScript reads the same way. The values come from users, so
 * a test runs each pattern on hostile text: RE2 takes linear time, a backtracking engine may not.
 */

export function testPattern(pattern: string, value: string): boolean {
  return compilePattern(pattern).test(value);
}

/** `(?i)` is the one RE2 construct that JavaScript spells otherwise. */
export function compilePattern(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const insensitive = pattern.includes('(?i)');
  const source = equivalents.get(pattern) ?? pattern.replace('(?i)', '');
  const regex = new RegExp(source, insensitive ? 'i' : '');
  compiled.set(pattern, regex);
  return regex;
}

/** Patterns that backtrack exponentially → patterns of the same language that do not. */
export const equivalents: ReadonlyMap<string, string> = new Map([
  // Header values: the optional blank lets one run of characters be split in 2^n ways.
  ['^[!-~]+([\\t ]?[!-~]+)*$', '^[!-~]+([\\t ][!-~]+)*$'],
]);

const compiled = new Map<string, RegExp>();

/** What to write instead, for the patterns that people meet. */
export function patternHint(pattern: string): string {
  return (
    hints.find(([part]) => pattern.includes(part))?.[1] ?? 'write a value that matches the pattern'
  );
}

const hints: readonly (readonly [string, string])[] = [
  ['(h|m|s|ms)', 'write a duration like 10s, 1m30s or 500ms, without sign or fraction'],
  [
    '^(\\*\\.)?[a-z0-9]',
    'write a lower-case DNS name like shop.example.com, or *.example.com; no port, no scheme',
  ],
  [
    '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
    'use lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit',
  ],
  [
    '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
    'use lower-case letters, digits and "-", beginning and ending with a letter or digit',
  ],
  ['\\/[A-Za-z0-9', 'write a domain, a slash and a path, like example.com/controller'],
  ["!#$%&'*+", "use letters, digits and !#$%&'*+-.^_`|~ only: no spaces, no colon"],
];
