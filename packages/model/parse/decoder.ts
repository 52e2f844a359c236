/**
 * Decoders: from JSON of unknown shape to a typed value, with one problem for each thing wrong,
 * at its path. Strict: a field that is not named is a problem, since it is a mistake more often
 * than an extension. The types follow the decoded type: a field that is forgotten here, or
 * optional on one side only, does not compile.
 */
import type { ConfigProblem } from '../problem.ts';

export interface Decoder<T> {
  /** Never throws; `INVALID` after at least one problem was added. */
  decode(value: unknown, field: string, problems: ConfigProblem[]): T | Invalid;
}

export interface OptionalDecoder<T> extends Decoder<T> {
  readonly isOptional: true;
}

export type Invalid = typeof INVALID;
export const INVALID: unique symbol = Symbol('invalid');

type Fields<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K>
    ? OptionalDecoder<Exclude<T[K], undefined>>
    : Decoder<T[K]>;
};

/** A field that may be absent. */
export function optional<T>(decoder: Decoder<T>): OptionalDecoder<T> {
  return { ...decoder, isOptional: true };
}

export function object<T extends object>(fields: Fields<T>): Decoder<T> {
  const decoders = Object.entries<Decoder<unknown>>(fields);
  const names = new Set(Object.keys(fields));
  return {
    decode(value, field, problems) {
      if (!isObject(value)) return fail(problems, field, `expected an object, got ${name(value)}`);
      const before = problems.length;
      for (const key of Object.keys(value)) {
        if (!names.has(key)) fail(problems, join(field, key), 'there is no such field');
      }
      const decoded = decodeFields(value, field, { decoders, problems });
      return problems.length === before ? (decoded as T) : INVALID;
    },
  };
}

export function list<T>(
  item: Decoder<T>,
  options: { minItems?: number } = {},
): Decoder<readonly T[]> {
  const { minItems = 0 } = options;
  return {
    decode(value, field, problems) {
      if (!Array.isArray(value))
        return fail(problems, field, `expected a list, got ${name(value)}`);
      if (value.length < minItems)
        return fail(problems, field, `expected at least ${minItems} item`);
      const items: T[] = [];
      for (const [index, one] of value.entries()) {
        const decoded = item.decode(one, `${field}[${index}]`, problems);
        if (decoded !== INVALID) items.push(decoded);
      }
      return items.length === value.length ? items : INVALID;
    },
  };
}

export function text(isFine: (value: string) => boolean, expected: string): Decoder<string> {
  return {
    decode(value, field, problems) {
      if (typeof value === 'string' && isFine(value)) return value;
      return fail(problems, field, `expected ${expected}, got ${name(value)}`);
    },
  };
}

export function integer(min: number, max: number): Decoder<number> {
  return {
    decode(value, field, problems) {
      const isFine = typeof value === 'number' && Number.isSafeInteger(value);
      if (isFine && value >= min && value <= max) return value;
      const expected = `an integer from ${min} to ${max}`;
      return fail(problems, field, `expected ${expected}, got ${name(value)}`);
    },
  };
}

export const boolean: Decoder<boolean> = {
  decode(value, field, problems) {
    if (typeof value === 'boolean') return value;
    return fail(problems, field, `expected true or false, got ${name(value)}`);
  },
};

/** One of a few strings or numbers. */
export function oneOf<const T extends string | number>(...allowed: readonly T[]): Decoder<T> {
  return {
    decode(value, field, problems) {
      const found = allowed.find((one) => one === value);
      if (found !== undefined) return found;
      return fail(problems, field, `expected ${allowed.join(' or ')}, got ${name(value)}`);
    },
  };
}

/** A union told apart by its `kind`. */
export function byKind<T extends { readonly kind: string }>(
  decoders: {
    readonly [K in T['kind']]: Decoder<Extract<T, { readonly kind: K }>>;
  },
): Decoder<T> {
  const byName = new Map(Object.entries<Decoder<T>>(decoders));
  return {
    decode(value, field, problems) {
      if (!isObject(value)) return fail(problems, field, `expected an object, got ${name(value)}`);
      const decoder = typeof value.kind === 'string' ? byName.get(value.kind) : undefined;
      if (decoder !== undefined) return decoder.decode(value, field, problems);
      const expected = [...byName.keys()].join(' or ');
      return fail(problems, join(field, 'kind'), `expected ${expected}, got ${name(value.kind)}`);
    },
  };
}

function decodeFields(
  value: Readonly<Record<string, unknown>>,
  field: string,
  { decoders, problems }: { decoders: [string, Decoder<unknown>][]; problems: ConfigProblem[] },
): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const [key, decoder] of decoders) {
    if (Object.hasOwn(value, key)) {
      decoded[key] = decoder.decode(value[key], join(field, key), problems);
    } else if (!('isOptional' in decoder)) {
      fail(problems, join(field, key), 'is required');
    }
  }
  return decoded;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(problems: ConfigProblem[], field: string, message: string): Invalid {
  problems.push({ field, message });
  return INVALID;
}

function join(field: string, key: string): string {
  return field === '' ? key : `${field}.${key}`;
}

/** What a value is, short enough for a message. */
function name(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const written = JSON.stringify(value) ?? 'nothing';
  return written.length > 60 ? `${written.slice(0, 60)}…` : written;
}
