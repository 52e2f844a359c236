/**
 * Parses the plain part of RE2's syntax: literals, classes, groups, `|` and greedy quantifiers
 * over ASCII. Anything else, and anything in doubt, is `undefined`: the caller then leaves the
 * pattern to an engine that knows all of it. The pattern must already be valid RE2.
 */

/** Bits 0 to 127: ASCII; bit 128: every other character. */
export type CharacterSet = bigint;

export type RegexNode =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly branches: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly item: RegexNode;
      readonly min: number;
      readonly max: number;
    };

const EVERY: CharacterSet = (1n << 129n) - 1n;
const DIGITS = range('0', '9');
const WORD = DIGITS | range('a', 'z') | range('A', 'Z') | one('_');
const SPACE = one('\t') | one('\n') | one('\f') | one('\r') | one(' ');

/** Escapes that mean the same inside and outside brackets. */
const ESCAPES: ReadonlyMap<string, CharacterSet> = new Map([
  ['d', DIGITS],
  ['D', EVERY ^ DIGITS],
  ['w', WORD],
  ['W', EVERY ^ WORD],
  ['s', SPACE],
  ['S', EVERY ^ SPACE],
  ['t', one('\t')],
  ['n', one('\n')],
  ['r', one('\r')],
  ['f', one('\f')],
  ['v', one('\v')],
]);

interface Cursor {
  readonly pattern: string;
  position: number;
}

export function parsePlainRegex(pattern: string): RegexNode | undefined {
  const cursor = { pattern, position: 0 };
  const node = parseChoice(cursor, 0);
  return cursor.position === pattern.length ? node : undefined;
}

function parseChoice(cursor: Cursor, depth: number): RegexNode | undefined {
  const branches: RegexNode[] = [];
  for (;;) {
    const branch = parseSequence(cursor, depth);
    if (branch === undefined) return undefined;
    branches.push(branch);
    if (peek(cursor) !== '|') break;
    cursor.position++;
  }
  return branches.length === 1 ? branches[0] : { kind: 'choice', branches };
}

function parseSequence(cursor: Cursor, depth: number): RegexNode | undefined {
  const items: RegexNode[] = [];
  // At the ends of a whole-value match, anchors say nothing new.
  if (depth === 0 && peek(cursor) === '^') cursor.position++;
  for (let next = peek(cursor); next !== '' && next !== '|' && next !== ')'; next = peek(cursor)) {
    if (next === '$') {
      cursor.position++;
      const after = peek(cursor);
      if (depth === 0 && (after === '' || after === '|')) break;
      return undefined;
    }
    const atom = parseAtom(cursor, depth);
    const item = atom && parseQuantifier(cursor, atom);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return { kind: 'sequence', items };
}

function parseAtom(cursor: Cursor, depth: number): RegexNode | undefined {
  const character = take(cursor);
  if (character === '(') return parseGroup(cursor, depth);
  if (character === '[') return parseClass(cursor);
  if (character === '.') return { kind: 'set', set: EVERY ^ one('\n') };
  if ('*+?{}^]'.includes(character)) return undefined;
  const set = character === '\\' ? parseEscape(cursor) : literal(character);
  return set === undefined ? undefined : { kind: 'set', set };
}

function parseGroup(cursor: Cursor, depth: number): RegexNode | undefined {
  if (peek(cursor) === '?') {
    if (!cursor.pattern.startsWith('?:', cursor.position)) return undefined;
    cursor.position += 2;
  }
  const node = parseChoice(cursor, depth + 1);
  return take(cursor) === ')' ? node : undefined;
}

function parseClass(cursor: Cursor): RegexNode | undefined {
  const isNegated = peek(cursor) === '^';
  if (isNegated) cursor.position++;
  let set: CharacterSet = 0n;
  while (peek(cursor) !== ']') {
    const item = parseClassItem(cursor);
    if (item === undefined) return undefined;
    set |= item;
  }
  cursor.position++;
  // `[]a]` and `[^]a]` are read differently by different engines.
  return set === 0n ? undefined : { kind: 'set', set: isNegated ? EVERY ^ set : set };
}

function parseClassItem(cursor: Cursor): CharacterSet | undefined {
  const from = parseClassCharacter(cursor);
  const isRange = peek(cursor) === '-' && cursor.pattern[cursor.position + 1] !== ']';
  if (from === undefined || !isRange) return from;
  cursor.position++;
  const to = parseClassCharacter(cursor);
  if (to === undefined || !isSingle(from) || !isSingle(to) || to < from) return undefined;
  return (to << 1n) - from;
}

function parseClassCharacter(cursor: Cursor): CharacterSet | undefined {
  const character = take(cursor);
  if (character === '[' || character === '') return undefined;
  return character === '\\' ? parseEscape(cursor) : literal(character);
}

function parseEscape(cursor: Cursor): CharacterSet | undefined {
  const character = take(cursor);
  const isPunctuation = /^[!-/:-@[-`{-~]$/.test(character);
  return isPunctuation ? literal(character) : ESCAPES.get(character);
}

function parseQuantifier(cursor: Cursor, item: RegexNode): RegexNode | undefined {
  const found = /^(?:[*+?]|\{(\d{1,4})(,?)(\d{0,4})\})/.exec(
    cursor.pattern.slice(cursor.position, cursor.position + 12),
  );
  if (found === null) return peek(cursor) === '{' ? undefined : item;
  cursor.position += found[0].length;
  if (peek(cursor) === '?') return undefined;
  const [text, from, comma, to] = found;
  if (text === '*') return { kind: 'repeat', item, min: 0, max: Number.POSITIVE_INFINITY };
  if (text === '+') return { kind: 'repeat', item, min: 1, max: Number.POSITIVE_INFINITY };
  if (text === '?') return { kind: 'repeat', item, min: 0, max: 1 };
  const min = Number(from);
  if (comma === '') return { kind: 'repeat', item, min, max: min };
  return { kind: 'repeat', item, min, max: to === '' ? Number.POSITIVE_INFINITY : Number(to) };
}

function peek(cursor: Cursor): string {
  return cursor.pattern[cursor.position] ?? '';
}

function take(cursor: Cursor): string {
  const character = peek(cursor);
  cursor.position++;
  return character;
}

function literal(character: string): CharacterSet | undefined {
  return character !== '' && character <= '\x7f' ? one(character) : undefined;
}

function one(character: string): CharacterSet {
  return 1n << BigInt(character.charCodeAt(0));
}

function range(from: string, to: string): CharacterSet {
  return (one(to) << 1n) - one(from);
}

function isSingle(set: CharacterSet): boolean {
  return (set & (set - 1n)) === 0n;
}
