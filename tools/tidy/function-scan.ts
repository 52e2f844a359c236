/**
 * Finds functions of every form (declarations, expressions, arrows, methods, accessors) with how
 * many lines and positional parameters they have. An arrow's body may be an expression; a
 * signature without body is no function.
 */
import type { Token } from './token.ts';

export interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  /** From the head's first line to the body's last, both included. */
  readonly lines: number;
  readonly parameters: number;
}

/** Words before a parenthesis and a block that make a statement, not a method. */
const statementWords = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'return']);
const opening = '([{';
const closing = ')]}';

/** `tokens` without comments. */
export function findFunctions(tokens: readonly Token[]): FunctionSpan[] {
  const partners = pairBrackets(tokens);
  return tokens.flatMap((token, index) => {
    const found =
      token.text === '=>' ? arrowAt(tokens, partners, index) : headAt(tokens, partners, index);
    return found === undefined ? [] : [found];
  });
}

/** The index of each bracket's partner; a template's placeholders pair as braces do. */
function pairBrackets(tokens: readonly Token[]): Map<number, number> {
  const partners = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach((token, index) => {
    if (closes(token)) {
      const start = open.pop();
      if (start !== undefined) partners.set(start, index).set(index, start);
    }
    if (opens(token)) open.push(index);
  });
  return partners;
}

function opens({ kind, text }: Token): boolean {
  return kind === 'template'
    ? text.endsWith('${')
    : kind === 'punctuator' && opening.includes(text);
}

function closes({ kind, text }: Token): boolean {
  return kind === 'template'
    ? text.startsWith('}')
    : kind === 'punctuator' && closing.includes(text);
}

/** A `function` or a method whose parameter list opens at `index`. */
function headAt(
  tokens: readonly Token[],
  partners: ReadonlyMap<number, number>,
  index: number,
): FunctionSpan | undefined {
  const close = partners.get(index);
  if (tokens[index]?.text !== '(' || close === undefined || close < index) return undefined;
  const nameIndex = skipTypeParametersBack(tokens, index - 1);
  const name = tokens[nameIndex];
  if (name === undefined || !mayNameFunction(name)) return undefined;
  const body = bodyAfter(tokens, partners, close + 1);
  if (body === undefined) return undefined;
  return {
    name: name.text === 'function' || name.text === '*' ? '(anonymous)' : name.text,
    line: name.line,
    lines: (tokens[partners.get(body) ?? body]?.line ?? name.line) - name.line + 1,
    parameters: countParameters(tokens, partners, [index, close]),
  };
}

function mayNameFunction({ kind, text }: Token): boolean {
  if (kind === 'punctuator') return text === '*' || text === ']';
  return kind === 'string' || (kind === 'word' && !statementWords.has(text));
}

/** From the `>` of `name<…>` back to the name; elsewhere stays where it is. */
function skipTypeParametersBack(tokens: readonly Token[], index: number): number {
  if (tokens[index]?.text !== '>') return index;
  let depth = 0;
  for (let at = index; at >= 0; at -= 1) {
    if (tokens[at]?.text === '>') depth += 1;
    if (tokens[at]?.text === '<') depth -= 1;
    if (depth === 0) return at - 1;
  }
  return index;
}

/** The index of the brace that opens the body, past a return type; absent for signatures. */
function bodyAfter(
  tokens: readonly Token[],
  partners: ReadonlyMap<number, number>,
  start: number,
): number | undefined {
  if (tokens[start]?.text === '{') return start;
  if (tokens[start]?.text !== ':') return undefined;
  for (let index = start + 1; index < tokens.length; index += 1) {
    const text = tokens[index]?.text ?? '';
    if (text === '{' && endsType(tokens[index - 1])) return index;
    if (text === '<') index = skipTypeArguments(tokens, index);
    else if (opening.includes(text)) index = partners.get(index) ?? index;
    else if ([';', ',', ')', ']', '}', '=', '?'].includes(text)) return undefined;
  }
  return undefined;
}

/** From the `<` of type arguments to their `>`. */
function skipTypeArguments(tokens: readonly Token[], index: number): number {
  let depth = 0;
  for (let at = index; at < tokens.length; at += 1) {
    if (tokens[at]?.text === '<') depth += 1;
    if (tokens[at]?.text === '>') depth -= 1;
    if (depth === 0) return at;
  }
  return index;
}

/** Whether a type may end here, so that a brace after it begins a body and no object type. */
function endsType(token: Token | undefined): boolean {
  if (token === undefined) return false;
  return !['|', '&', ':', '=>', '<', ',', 'is', 'extends', 'keyof', 'asserts'].includes(token.text);
}

function arrowAt(
  tokens: readonly Token[],
  partners: ReadonlyMap<number, number>,
  index: number,
): FunctionSpan {
  const [start, parameters] = arrowHead(tokens, partners, index);
  const end = expressionEnd(tokens, partners, index + 1);
  const line = tokens[start]?.line ?? 0;
  return {
    name: nameBefore(tokens, start),
    line,
    lines: (tokens[end]?.line ?? line) - line + 1,
    parameters,
  };
}

/** Where the arrow's parameters begin, and how many they are. */
function arrowHead(
  tokens: readonly Token[],
  partners: ReadonlyMap<number, number>,
  index: number,
): [start: number, parameters: number] {
  for (let at = index - 1; at >= 0; at -= 1) {
    const text = tokens[at]?.text ?? '';
    const open = partners.get(at);
    if (closing.includes(text) && open !== undefined) {
      const follows = tokens[at + 1]?.text;
      if (text === ')' && (at === index - 1 || follows === ':')) {
        return [open, countParameters(tokens, partners, [open, at])];
      }
      at = open;
    } else if ([';', ',', '('].includes(text)) break;
  }
  return [index - 1, 1];
}

/** The last token of an arrow's body that begins at `start`. */
function expressionEnd(
  tokens: readonly Token[],
  partners: ReadonlyMap<number, number>,
  start: number,
): number {
  if (tokens[start]?.text === '{') return partners.get(start) ?? start;
  let index = start;
  for (; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined || closes(token) || token.text === ';' || token.text === ',') break;
    if (opens(token)) index = partners.get(index) ?? index;
    // A template's middle piece closes one placeholder and opens the next.
    while (isMiddlePiece(tokens[index])) index = partners.get(index) ?? tokens.length;
  }
  return index - 1;
}

function isMiddlePiece(token: Token | undefined): boolean {
  return token !== undefined && opens(token) && closes(token);
}

function nameBefore(tokens: readonly Token[], start: number): string {
  for (let at = start - 1; at >= Math.max(0, start - 3); at -= 1) {
    const token = tokens[at];
    if (token?.kind === 'word' && token.text !== 'async') return token.text;
  }
  return '(arrow)';
}

function countParameters(
  tokens: readonly Token[],
  partners: ReadonlyMap<number, number>,
  [open, close]: readonly [number, number],
): number {
  let count = 0;
  let angles = 0;
  let begun = false;
  for (let index = open + 1; index < close; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.text === '<') angles += 1;
    if (token.text === '>') angles -= 1;
    if (token.text === ',' && angles === 0) {
      begun = false;
    } else if (!begun) {
      begun = true;
      if (token.text !== 'this') count += 1;
    }
    if (opens(token)) index = partners.get(index) ?? index;
  }
  return count;
}
