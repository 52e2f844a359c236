/**
 * Structural validation of strings and numbers: bounds, enums, patterns, formats.
 */
import { formatProblem } from './format.ts';
import { suggestName } from './name-suggestion.ts';
import { patternHint, testPattern } from './pattern.ts';
import type { Schema } from './schema.ts';
import { report, type StructuralCheck, show } from './structural-check.ts';

export function checkString(value: string, schema: Schema, check: StructuralCheck): void {
  const { minLength, maxLength, pattern, format } = schema;
  const tooLong =
    maxLength !== undefined && value.length > maxLength && countCharacters(value) > maxLength;
  if (tooLong) {
    report(check, true, {
      rule: `maxLength: ${maxLength}`,
      message: `is ${countCharacters(value)} characters long, at most ${maxLength} are allowed`,
      hint: 'shorten it',
    });
  }
  if (minLength !== undefined && value.length < minLength) {
    report(check, false, {
      rule: `minLength: ${minLength}`,
      message: minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`,
      hint: 'write a value, or remove the field if it is optional',
    });
  }
  if (pattern !== undefined && !tooLong && !testPattern(pattern, value)) {
    report(check, false, {
      rule: `pattern: ${pattern}`,
      message: `${show(value, check)} does not match ${pattern}`,
      hint: patternHint(pattern),
    });
  }
  if (format !== undefined) checkFormat(value, format, check);
}

function checkFormat(value: string | number, format: string, check: StructuralCheck): void {
  const problem = formatProblem(format, value);
  if (problem === undefined) return;
  report(check, false, {
    rule: `format: ${format}`,
    message: `${show(value, check)} ${problem}`,
    hint: problem.replace(/^must be/, 'write').replace(/^must fit/, 'write a number that fits'),
  });
}

export function checkNumber(value: number, schema: Schema, check: StructuralCheck): void {
  const { minimum, maximum, format } = schema;
  const below = minimum !== undefined && value < minimum;
  const above = maximum !== undefined && value > maximum;
  if (below || above) {
    const range =
      minimum !== undefined && maximum !== undefined
        ? `from ${minimum} to ${maximum}`
        : minimum === undefined
          ? `of at most ${maximum}`
          : `of at least ${minimum}`;
    report(check, false, {
      rule: below ? `minimum: ${minimum}` : `maximum: ${maximum}`,
      message: `${show(value, check)} is too ${below ? 'small' : 'large'}`,
      hint: `write a number ${range}`,
    });
  } else if (format !== undefined) checkFormat(value, format, check);
}

export function reportEnum(
  value: unknown,
  allowed: readonly unknown[],
  check: StructuralCheck,
): void {
  const names = allowed.map((each) => JSON.stringify(each)).join(', ');
  const near = typeof value === 'string' ? suggestName(value, allowed.map(String)) : undefined;
  report(check, true, {
    rule: `enum: ${names}`,
    message: `${show(value, check)} is not one of ${names}`,
    hint: near === undefined ? `use one of ${names}` : `did you mean ${JSON.stringify(near)}?`,
  });
}

/** Code points, as an API server counts. */
function countCharacters(value: string): number {
  return Array.from(value).length;
}
