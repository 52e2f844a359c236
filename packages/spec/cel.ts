/**
 * CEL as an API server evaluates it: the only file that knows the CEL library.
 *
 * https://kubernetes.io/docs/reference/using-api/cel/
 */
import {
  type CelInput,
  CelScalar,
  celEnv,
  celFunc,
  celList,
  celMap,
  celMethod,
  isCelError,
  mapType,
  parse,
  plan,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { formatProblem, isDns1123Subdomain, isIpv4, isIpv6, isQualifiedName } from './format.ts';
import { isObject } from './json.ts';
import { compilePattern } from './pattern.ts';
import type { Schema } from './schema.ts';

/** `holds`, `violated`, or what went wrong during evaluation, which rejects as well. */
export type RuleVerdict = 'holds' | 'violated' | { readonly error: string };

/** A value made ready for rules by `toCelValue`. */
export type RuleInput = CelInput;

/** Parses and plans a rule, once for each distinct text. Throws on what CEL can't parse. */
export function planRule(rule: string): (self: RuleInput) => RuleVerdict {
  const known = planned.get(rule);
  if (known !== undefined) return known;
  const evaluate = plan(environment, parse(rule));
  const judge = (self: RuleInput): RuleVerdict => {
    const result = evaluate({ self, format: 'format' });
    if (isCelError(result)) return { error: result.message };
    return result === true ? 'holds' : 'violated';
  };
  planned.set(rule, judge);
  return judge;
}

const planned = new Map<string, (self: RuleInput) => RuleVerdict>();

/**
 * Converts a value by its schema, so that integers are integers and fields with reserved names are
 * escaped (`__namespace__`). Each object and list is converted once for a given `known`.
 */
export function toCelValue(
  value: unknown,
  schema: Schema,
  known: Map<object, RuleInput>,
): RuleInput {
  if (typeof value === 'number')
    return schema.type === 'number' ? value : BigInt(Math.trunc(value));
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (!Array.isArray(value) && !isObject(value)) return null;
  const done = known.get(value);
  if (done !== undefined) return done;
  const result = Array.isArray(value)
    ? celList(value.map((item) => toCelValue(item, schema.items ?? {}, known)))
    : celMap(convertObject(value, schema, known));
  known.set(value, result);
  return result;
}

function convertObject(
  value: Readonly<Record<string, unknown>>,
  schema: Schema,
  known: Map<object, RuleInput>,
): ReadonlyMap<string, RuleInput> {
  const result = new Map<string, RuleInput>();
  for (const [name, child] of Object.entries(value)) {
    const property = schema.properties?.[name];
    const key = property !== undefined && reserved.has(name) ? `__${name}__` : name;
    result.set(key, toCelValue(child, property ?? schema.additionalProperties ?? {}, known));
  }
  return result;
}

/** Words that CEL keeps for itself, as Kubernetes lists them. */
const reserved = new Set(
  (
    'true false null in as break const continue else for function if import let loop package ' +
    'namespace return var void while'
  ).split(' '),
);

const { STRING, BOOL, DYN } = CelScalar;

/**
 * Kubernetes' named formats, and one for our own rules: `format.NAME()` gives a format, its
 * `validate` the list of what is wrong as an optional. Here a format is its name, and an optional a
 * map with a value or none.
 */
const formatChecks: Readonly<Record<string, (text: string) => boolean>> = {
  dns1123Subdomain: isDns1123Subdomain,
  qualifiedName: isQualifiedName,
  hostName: (text) => formatProblem('host-name', text) === undefined,
};

const optional = mapType(STRING, DYN);

const environment = celEnv({
  variables: { self: DYN, format: STRING },
  // Rules hold few distinct patterns, evaluated thousands of times.
  re2: { compile: compilePattern },
  funcs: [
    ...strings,
    celFunc('isIP', [STRING], BOOL, (text) => isIpv4(text) || isIpv6(text)),
    ...Object.keys(formatChecks).map((name) => celMethod(name, STRING, [], STRING, () => name)),
    celMethod('validate', STRING, [STRING], optional, function (text) {
      const valid = formatChecks[this]?.(text) ?? false;
      return valid ? new Map() : new Map([['value', 'invalid']]);
    }),
    celMethod('hasValue', optional, [], BOOL, function () {
      return this.size > 0;
    }),
  ],
});
