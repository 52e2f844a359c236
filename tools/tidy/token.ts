/**
 * Tokens of a TypeScript source: enough to tell code from strings, comments and regular
 * expressions, and to pair brackets. TypeScript 7 has no compiler API, and a line-based search
 * would be fooled by the first brace in a string.
 *
 * Guarantees: the tokens and the white space between them are the whole text, in order.
 */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'template' | 'regex' | 'comment' | 'punctuator';
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

const wordPattern = /[\p{L}_$#][\p{L}\p{N}_$]*/uy;
const numberPattern = /\.?\d(?:[eE][+-]|[\w.])*/y;
const stringPattern = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const commentPattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|#![^\n]*/y;
const regexPattern = /\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const punctuatorPattern = /=>|\?\.(?!\d)|\.\.\.|\+\+|--|&&|\|\||\?\?|[=!]==?|[^\s]/y;
/** A piece of a template literal, from its opening to the next placeholder or its end. */
const templatePattern = /[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
const spacePattern = /\s+/y;

/** Words after which a slash begins a regular expression. */
const operatorWords = new Set(
  'return typeof case in of do else void throw new delete instanceof await yield default'.split(
    ' ',
  ),
);
/** Words whose parenthesis is followed by a statement, so that a slash begins an expression. */
const headWords = new Set(['if', 'while', 'for', 'with']);

interface Scanner {
  readonly text: string;
  readonly tokens: Token[];
  /** The last token that is no comment. */
  previous: Token | undefined;
  /** For each open bracket: what stood before it, and whether it is a template's placeholder. */
  readonly open: { before: Token | undefined; placeholder: boolean }[];
  /** What stood before the parenthesis that closed last. */
  beforeGroup: Token | undefined;
  index: number;
  line: number;
}

export function tokenize(text: string): Token[] {
  const scanner: Scanner = {
    text,
    tokens: [],
    previous: undefined,
    open: [],
    beforeGroup: undefined,
    index: 0,
    line: 1,
  };
  while (scanner.index < text.length) {
    const space = matchAt(spacePattern, scanner);
    if (space === undefined) scanToken(scanner);
    else advance(scanner, space);
  }
  return scanner.tokens;
}

function scanToken(scanner: Scanner): void {
  const [kind, text] = nextToken(scanner);
  const token: Token = { kind, text, line: scanner.line };
  advance(scanner, text);
  scanner.tokens.push(token);
  if (kind === 'comment') return;
  trackBrackets(scanner, token);
  scanner.previous = token;
}

function nextToken(scanner: Scanner): [Token['kind'], string] {
  const character = scanner.text[scanner.index] ?? '';
  const inPlaceholder = scanner.open.at(-1)?.placeholder === true;
  const candidates: [Token['kind'], RegExp, boolean][] = [
    ['comment', commentPattern, character === '/' || (character === '#' && scanner.index === 0)],
    ['template', templatePattern, character === '`' || (character === '}' && inPlaceholder)],
    ['string', stringPattern, character === "'" || character === '"'],
    ['regex', regexPattern, character === '/' && regexMayStart(scanner)],
    ['word', wordPattern, true],
    ['number', numberPattern, true],
  ];
  for (const [kind, pattern, applies] of candidates) {
    const text = applies ? matchAt(pattern, scanner) : undefined;
    if (text !== undefined) return [kind, text];
  }
  return ['punctuator', matchAt(punctuatorPattern, scanner) ?? character];
}

/** After an expression a slash divides; after anything else it begins a regular expression. */
function regexMayStart({ previous, tokens, beforeGroup }: Scanner): boolean {
  if (previous === undefined) return true;
  switch (previous.kind) {
    case 'word':
      return operatorWords.has(previous.text);
    case 'number':
    case 'string':
    case 'regex':
      return false;
    case 'template':
      return previous.text.endsWith('${');
    case 'comment':
      return true;
    case 'punctuator':
      break;
    default:
      return assertNever(previous.kind);
  }
  if (previous.text === ')') return beforeGroup !== undefined && headWords.has(beforeGroup.text);
  if (previous.text === '!') return !endsExpression(tokens.at(-2));
  return ![']', '++', '--'].includes(previous.text);
}

function endsExpression(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === 'word') return !operatorWords.has(token.text);
  return token.text === ')' || token.text === ']';
}

function trackBrackets(scanner: Scanner, { kind, text }: Token): void {
  if (kind === 'template') {
    if (text.startsWith('}')) scanner.open.pop();
    if (text.endsWith('${')) scanner.open.push({ before: scanner.previous, placeholder: true });
  } else if (kind === 'punctuator' && '([{'.includes(text)) {
    scanner.open.push({ before: scanner.previous, placeholder: false });
  } else if (kind === 'punctuator' && ')]}'.includes(text)) {
    scanner.beforeGroup = scanner.open.pop()?.before;
  }
}

function matchAt(pattern: RegExp, { text, index }: Scanner): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0];
}

function advance(scanner: Scanner, text: string): void {
  scanner.index += text.length;
  scanner.line += text.split('\n').length - 1;
}

function assertNever(kind: never): never {
  throw new Error(`not a token kind: ${String(kind)}`);
}
