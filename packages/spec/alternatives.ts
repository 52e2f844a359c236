/**
 * Words for a value that fits none of several alternatives (`oneOf`, `anyOf`), or too many.
 */
import { formatFieldPath } from './field-path.ts';
import type { ObjectProblem } from './problem.ts';
import type { StructuralCheck } from './structural-check.ts';

/** `results` holds what is wrong by each alternative. */
export function reportAlternatives(
  results: readonly (readonly ObjectProblem[])[],
  rule: 'oneOf' | 'anyOf',
  check: StructuralCheck,
): void {
  const severity = 'error';
  if (results.some((problems) => problems.length === 0)) {
    const message = 'fits several alternatives that exclude each other';
    check.problems.push({
      severity,
      field: formatFieldPath(check.path),
      rule,
      message,
      hint: 'keep one of them',
    });
    return;
  }
  const firsts = results.map(([first]) => first).filter((first) => first !== undefined);
  // What is wrong within the alternative that was meant says more than that others don't fit.
  const nearest = firsts.find((problem) => !mismatches.has(ruleName(problem))) ?? firsts[0];
  const alike = firsts.filter(
    (problem) => problem.field === nearest?.field && ruleName(problem) === ruleName(nearest),
  );
  check.problems.push({
    severity,
    field: nearest?.field ?? formatFieldPath(check.path),
    rule,
    message: joinAlternatives(alike.map(({ message }) => message)),
    hint: joinAlternatives(alike.map(({ hint }) => hint)),
  });
}

/** Rules that tell alternatives apart. */
const mismatches = new Set(['type', 'enum', 'not']);

function ruleName({ rule }: ObjectProblem): string {
  return rule.split(':')[0] ?? rule;
}

/** `must be a cat`, `must be a dog` → `must be a cat or a dog`, by words. */
function joinAlternatives(sentences: readonly string[]): string {
  const [first = [], ...rest] = sentences.map((sentence) => sentence.split(' '));
  let common = 0;
  while (rest.every((words) => words[common] !== undefined && words[common] === first[common])) {
    if (common === first.length - 1) break;
    common++;
  }
  return [first, ...rest.map((words) => words.slice(common))]
    .map((words) => words.join(' '))
    .filter((part) => part !== '')
    .join(' or ');
}
