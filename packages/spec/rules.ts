/**
 * CEL rules of a schema, evaluated on every value they stand at. Rules about transitions
 * (`oldSelf`) are skipped: what is validated here is always an object's first version.
 */
import { planRule, type RuleInput, toCelValue } from './cel.ts';
import { formatFieldPath, type PathSegment } from './field-path.ts';
import { isObject } from './json.ts';
import type { ObjectProblem } from './problem.ts';
import type { CelRule, Schema } from './schema.ts';

export interface RuleCheck {
  readonly path: PathSegment[];
  readonly problems: ObjectProblem[];
  /** Objects and lists whose rules are skipped, see `StructuralCheck`. */
  readonly blocked: ReadonlySet<object>;
  /** Converted values, shared by the rules of one object. */
  readonly converted: Map<object, RuleInput>;
}

export function checkRules(value: unknown, schema: Schema, check: RuleCheck): void {
  if (!hasRules(schema)) return;
  const isNode = Array.isArray(value) || isObject(value);
  if (schema.rules && !(isNode && check.blocked.has(value))) {
    evaluateRules(value, schema, check);
  }
  if (Array.isArray(value)) {
    if (!schema.items) return;
    for (const [index, item] of value.entries()) checkChild(item, index, schema.items, check);
  } else if (isObject(value)) {
    for (const [name, child] of Object.entries(value)) {
      const property = schema.properties?.[name] ?? schema.additionalProperties;
      if (property) checkChild(child, name, property, check);
    }
  }
}

function checkChild(value: unknown, segment: PathSegment, schema: Schema, check: RuleCheck): void {
  check.path.push(segment);
  checkRules(value, schema, check);
  check.path.pop();
}

function evaluateRules(value: unknown, schema: Schema, check: RuleCheck): void {
  // A scalar of the wrong type has been reported: its rules have nothing to add.
  if (schema.type === 'string' && typeof value !== 'string') return;
  const self = toCelValue(value, schema, check.converted);
  for (const rule of schema.rules ?? []) {
    if (isTransition(rule)) continue;
    const verdict = planRule(rule.rule)(self);
    if (verdict === 'holds') continue;
    check.problems.push({
      severity: 'error',
      field: formatFieldPath(check.path),
      rule: rule.rule,
      message:
        verdict === 'violated'
          ? rule.message
          : `${rule.message} (the rule can't be evaluated: ${verdict.error})`,
      hint: ruleHint(rule),
    });
  }
}

export function isTransition({ rule }: CelRule): boolean {
  return /\boldSelf\b/.test(rule);
}

/** What to do, by the form of the message: the rules have few forms. `$1` is the field it names. */
function ruleHint({ message }: CelRule): string {
  for (const [form, hint] of hints) {
    const found = form.exec(message);
    if (found !== null) return hint.replace('$1', lowerFirst(found[1] ?? ''));
  }
  return 'change the value so that this holds';
}

/** Fields begin in lower case; some messages have the Go name. */
function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/^(?:filter\.)?(\w+) must be nil/, 'remove "$1", or change the type'],
  [/^(?:filter\.)?(\w+) must be specified (?:for|when)/, 'add "$1"'],
  [
    /^(\w+) (?:is required|must be set if and only if|must be set when .* unset otherwise)/,
    'add or remove "$1" accordingly',
  ],
  [/^(\w+) (?:must not be specified|can only be set|may only be set)/, 'remove "$1"'],
  [/^Must have (\w+)/, 'add "$1"'],
  [/^Must not have (\w+)/, 'remove "$1"'],
  [/exactly one PathPrefix match/, 'give the rule exactly one match, of type PathPrefix'],
  [
    /both \w+ and|not both|exactly one of|Only one of|not be used together/,
    'keep exactly one of them',
  ],
  [/contain an IP/, 'write a DNS name'],
  [/unique/, 'rename or remove one of the two'],
  [/cannot be repeated/, 'merge them into one'],
  [/must specify|must be specified|must be set|must contain|Must have/, 'add what is missing'],
  [/start with '\/'/, 'begin the value with "/"'],
  [/must not contain|cannot contain|must not end/, 'remove that part of the value'],
  [/cannot be longer|less than or equal/, 'change one of the two values'],
];

/** Whether rules stand anywhere at or below: most of an object need not be walked. */
function hasRules(schema: Schema): boolean {
  const known = below.get(schema);
  if (known !== undefined) return known;
  const children = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items ? [schema.items] : []),
    ...(schema.additionalProperties ? [schema.additionalProperties] : []),
  ];
  const result = schema.rules !== undefined || children.some(hasRules);
  below.set(schema, result);
  return result;
}

const below = new WeakMap<Schema, boolean>();
