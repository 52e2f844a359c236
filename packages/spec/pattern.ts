/**
 * Patterns of the schemas. They come from the CRDs, never from users, are written for RE2 and use
 * only what JavaScript reads the same way; a test runs each of them on hostile input.
 */

export function testPattern(pattern: string, value: string): boolean {
  return compilePattern(pattern).test(value);
}

/** `(?i)` is the one RE2 construct that JavaScript spells otherwise. */
export function compilePattern(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const insensitive = pattern.includes('(?i)');
  const regex = new RegExp(pattern.replace('(?i)', ''), insensitive ? 'i' : '');
  compiled.set(pattern, regex);
  return regex;
}

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
