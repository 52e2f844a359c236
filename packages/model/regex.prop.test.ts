/** The form given to V8 accepts what re2js accepts, in a number of steps linear in the text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { parsePlainRegex, type RegexNode } from './regex-syntax.ts';
import { translateDeterministic } from './regex-translation.ts';

// Few letters, so that pieces of a pattern overlap often.
const atom = fc.constantFrom(
  'a',
  'b',
  'c',
  '/',
  '.',
  '[ab]',
  '[^a]',
  '[a-c/]',
  '\\w',
  '\\.',
  '\\D',
);
const quantifier = fc.constantFrom(
  '',
  '',
  '',
  '',
  '',
  '',
  '',
  '*',
  '+',
  '?',
  '{2}',
  '{0,2}',
  '{1,}',
);
const { pattern } = fc.letrec<{ pattern: string; branch: string; item: string }>((tie) => ({
  pattern: fc.array(tie('branch'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('|')),
  branch: fc.array(tie('item'), { maxLength: 3 }).map((parts) => parts.join('')),
  item: fc
    .tuple(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        atom,
        tie('pattern').map((inner) => `(${inner})`),
        tie('pattern').map((inner) => `(?:${inner})`),
      ),
      quantifier,
    )
    .map((parts) => parts.join('')),
}));
const texts = fc.array(fc.stringMatching(/^[abc/.é\n]{0,8}$/), { minLength: 1, maxLength: 12 });

test('V8 with the translated pattern = re2js with the pattern', () => {
  let translated = 0;
  fc.assert(
    fc.property(pattern, texts, (source, all) => {
      const translation = translateDeterministic(source);
      if (translation === undefined) return;
      translated++;
      const compiled = RE2JS.compile(source);
      const regex = new RegExp(`^(?:${translation})$`, 'u');
      for (const text of all) assert.equal(regex.test(text), compiled.testExact(text), text);
    }),
    { numRuns: 4000 },
  );
  assert.ok(translated > 300, `only ${translated} were translated`);
});

test('backtracking over a translated pattern reads each character a bounded number of times', () => {
  const repeated = fc.tuple(fc.stringMatching(/^[abc/]{1,3}$/), fc.stringMatching(/^[abc/]{0,2}$/));
  fc.assert(
    fc.property(pattern, repeated, (source, [unit, end]) => {
      const node = parsePlainRegex(source);
      if (node === undefined || translateDeterministic(source) === undefined) return;
      const text = unit.repeat(60) + end;
      const counter = { steps: 0 };
      backtrack(node, { text, counter }, 0, (at) => at === text.length);
      const bound = (text.length + 1) * (source.length + 1) * 8;
      assert.ok(counter.steps <= bound, `${counter.steps} steps for ${source} on ${unit}`);
    }),
    { numRuns: 2000 },
  );
});

interface Run {
  readonly text: string;
  readonly counter: { steps: number };
}

/** A backtracking engine with nothing clever in it. */
function backtrack(node: RegexNode, run: Run, at: number, next: (at: number) => boolean): boolean {
  run.counter.steps++;
  switch (node.kind) {
    case 'set': {
      const code = run.text.charCodeAt(at);
      const bit = at < run.text.length ? 1n << BigInt(Math.min(code, 128)) : 0n;
      return (node.set & bit) !== 0n && next(at + 1);
    }
    case 'sequence': {
      const from = (index: number, position: number): boolean => {
        const item = node.items[index];
        return item === undefined
          ? next(position)
          : backtrack(item, run, position, (after) => from(index + 1, after));
      };
      return from(0, at);
    }
    case 'choice':
      return node.branches.some((branch) => backtrack(branch, run, at, next));
    case 'repeat': {
      const round = (done: number, position: number): boolean => {
        run.counter.steps++;
        const again =
          done < node.max && backtrack(node.item, run, position, (after) => round(done + 1, after));
        return again || (done >= node.min && next(position));
      };
      return round(0, at);
    }
    default:
      throw new Error('unexpected node');
  }
}
