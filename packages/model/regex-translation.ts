/**
 * Which patterns a backtracking engine matches in linear time, and their form for V8.
 *
 * A pattern is taken only if it is deterministic: wherever the engine has a choice (another
 * round or not, this branch or that), the next character alone decides it, as in an LL(1)
 * grammar. A wrong choice then fails at its first character, so nothing is read twice.
 */
import { type CharacterSet, parsePlainRegex, type RegexNode } from './regex-syntax.ts';

/** Follows the last character; no set of characters holds it. */
const END: CharacterSet = 1n << 129n;
const OTHER: CharacterSet = 1n << 128n;

/** Source for V8 with the `u` flag, without anchors; undefined: not provably linear. */
export function translateDeterministic(pattern: string): string | undefined {
  const node = parsePlainRegex(pattern);
  return node !== undefined && isDeterministic(node, END) ? writeNode(node) : undefined;
}

/** `follow`: what may come after `node`. */
function isDeterministic(node: RegexNode, follow: CharacterSet): boolean {
  switch (node.kind) {
    case 'set':
      return true;
    case 'sequence': {
      let after = follow;
      for (const item of node.items.toReversed()) {
        if (!isDeterministic(item, after)) return false;
        after = firstOrFollow(item, after);
      }
      return true;
    }
    case 'choice': {
      let taken: CharacterSet = 0n;
      for (const branch of node.branches) {
        const first = firstOrFollow(branch, follow);
        if ((taken & first) !== 0n || !isDeterministic(branch, follow)) return false;
        taken |= first;
      }
      return true;
    }
    case 'repeat': {
      const first = firstOf(node.item);
      if (isNullable(node.item)) return false;
      if (node.min !== node.max && (first & follow) !== 0n) return false;
      return isDeterministic(node.item, node.max > 1 ? first | follow : follow);
    }
    default:
      return assertNever(node);
  }
}

function firstOrFollow(node: RegexNode, follow: CharacterSet): CharacterSet {
  return isNullable(node) ? firstOf(node) | follow : firstOf(node);
}

function firstOf(node: RegexNode): CharacterSet {
  switch (node.kind) {
    case 'set':
      return node.set;
    case 'sequence': {
      let first: CharacterSet = 0n;
      for (const item of node.items) {
        first |= firstOf(item);
        if (!isNullable(item)) break;
      }
      return first;
    }
    case 'choice':
      return node.branches.reduce((first, branch) => first | firstOf(branch), 0n);
    case 'repeat':
      return node.max === 0 ? 0n : firstOf(node.item);
    default:
      return assertNever(node);
  }
}

function isNullable(node: RegexNode): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'sequence':
      return node.items.every(isNullable);
    case 'choice':
      return node.branches.some(isNullable);
    case 'repeat':
      return node.min === 0 || isNullable(node.item);
    default:
      return assertNever(node);
  }
}

function writeNode(node: RegexNode): string {
  switch (node.kind) {
    case 'set':
      return writeSet(node.set);
    case 'sequence':
      return node.items.map(writeNode).join('');
    case 'choice':
      return `(?:${node.branches.map(writeNode).join('|')})`;
    case 'repeat': {
      const max = node.max === Number.POSITIVE_INFINITY ? '' : node.max;
      return `(?:${writeNode(node.item)}){${node.min},${max}}`;
    }
    default:
      return assertNever(node);
  }
}

function writeSet(set: CharacterSet): string {
  const isOpen = (set & OTHER) !== 0n;
  let members = '';
  for (let code = 0; code < 128; code++) {
    const isMember = ((set >> BigInt(code)) & 1n) === 1n;
    if (isMember !== isOpen) members += `\\x${code.toString(16).padStart(2, '0')}`;
  }
  return `[${isOpen ? '^' : ''}${members}]`;
}

function assertNever(node: never): never {
  throw new Error(`unexpected node ${JSON.stringify(node)}`);
}
