/**
 * One change that may make a right object wrong: another type, nothing, an unknown field, beyond a
 * bound, not in the pattern, twice in a list, near a rule.
 */

import type { Schema } from '@sluice/spec';
import { type Draw, once, pick } from './choice.ts';
import { listPlaces, type Place, removeAt, replaceAt, valueAt } from './place.ts';
import { nudge } from './rule-nudge.ts';
import { drawValue } from './value-draw.ts';

/** Changes the object in place; the name of what was done, for the summary. */
export function mutate(object: object, schema: Schema, draw: Draw): string {
  const places = listPlaces(object, schema).filter(
    ({ parent, key }) => !(parent === object && (key === 'apiVersion' || key === 'kind')),
  );
  const names = Object.keys(mutations);
  for (let attempt = 0; attempt < 20 && places.length > 0; attempt++) {
    const name = pick(names, draw);
    if (mutations[name]?.(pick(places, draw), draw)) return name;
  }
  return 'nothing';
}

/** False when the place offers no way. */
type Mutation = (place: Place, draw: Draw) => boolean;

const mutations: Readonly<Record<string, Mutation>> = {
  'another type': (place, draw) => {
    // What is unknown where not all is modelled is for the server alone to know.
    const unknown = place.schema.preserveUnknown ? [] : [{ a: 'b' }];
    const others = [7, 1.5, true, 'text', '7', [], {}, ['a'], 'true', ...unknown];
    return replace(place, structuredClone(pick(others, draw)));
  },
  'left out': (place) => {
    removeAt(place);
    return true;
  },
  null: (place) => replace(place, null),
  'unknown field': (place, draw) => {
    const value = valueAt(place);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    if (place.schema.preserveUnknown) return false;
    const name = pick(['unknown', 'nmae', 'spec', 'backendRef', 'x-y', 'matches'], draw);
    (value as Record<string, unknown>)[name] = pick<unknown>(['x', 1, { a: 1 }, [], null], draw);
    return true;
  },
  'beyond a bound': (place, draw) => {
    const values = beyondBounds(place.schema, valueAt(place), draw);
    return values.length > 0 && replace(place, pick(values, draw));
  },
  'other characters': (place, draw) => {
    const value = valueAt(place);
    if (typeof value !== 'string') return false;
    const at = draw(value.length + 1);
    const odd = pick(
      ['_', ' ', '.', '-', '/', '//', 'A', 'é', '%', '%2F', '\n', '*', ':', '0'],
      draw,
    );
    return replace(place, value.slice(0, at) + odd + value.slice(at));
  },
  'other text': (place, draw) => {
    if (typeof valueAt(place) !== 'string') return false;
    return replace(place, pick(otherTexts, draw));
  },
  twice: ({ parent, key }, draw) => {
    if (!Array.isArray(parent)) return false;
    parent.splice(draw(parent.length + 1), 0, structuredClone(parent[Number(key)]));
    return true;
  },
  'drawn anew': (place, draw) => replace(place, drawValue(place.schema, draw, 1)),
  'another member': ({ schema, ...place }, draw) => {
    const value = valueAt({ schema, ...place });
    const names = Object.keys(schema.properties ?? {});
    if (typeof value !== 'object' || value === null || names.length === 0) return false;
    const name = pick(names, draw);
    (value as Record<string, unknown>)[name] = drawValue(schema.properties?.[name] ?? {}, draw, 2);
    return true;
  },
  'near a rule': nudgeAt,
  // The rules are what is hardest to get right.
  'at a rule': nudgeAt,
};

function nudgeAt(place: Place, draw: Draw): boolean {
  if (place.schema.rules === undefined) return false;
  return replace(place, nudge(valueAt(place), place.schema, draw));
}

function replace(place: Place, value: unknown): true {
  replaceAt(place, value);
  return true;
}

const otherTexts: readonly string[] = [
  '',
  '.',
  '-a',
  'a-',
  'A',
  'a..b',
  '*',
  '*.a',
  'a.*',
  'example.com:80',
  '10.0.0.1',
  '10.0.0.256',
  '010.0.0.1',
  '::',
  '::ffff:10.0.0.1',
  '1::2::3',
  'fe80::1%eth0',
  '1h60m',
  '1.5s',
  '-1s',
  '99999h',
  '100000s',
  '0h',
  'http://',
  'https://*.example.com:99999',
  '2026-02-30T00:00:00Z',
  '2026-01-31T23:59:60Z',
  '2026-01-31t12:00:00.123456789+01:00',
  '2026-01-31',
  'YQ',
  'YQ==',
  'Y Q=',
  '\u0000',
  '\u{1f600}',
];

function beyondBounds(schema: Schema, value: unknown, draw: Draw): unknown[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, enum: names } = schema;
  const values: unknown[] = [];
  if (typeof value === 'number') values.push(-1, 0, 2 ** 31, 2 ** 31 - 1, -(2 ** 31) - 1, 2 ** 53);
  if (minimum !== undefined) values.push(minimum - 1, minimum);
  if (maximum !== undefined) values.push(maximum + 1, maximum);
  if (minLength) values.push('a'.repeat(minLength - 1), 'a'.repeat(minLength));
  if (maxLength && maxLength <= 4096) {
    const letter = pick(['a', 'é', '\u{1f600}'], draw);
    values.push(letter.repeat(maxLength + 1), letter.repeat(maxLength));
  }
  if (minItems && Array.isArray(value)) values.push(value.slice(0, minItems - 1));
  if (maxItems && maxItems <= 128 && Array.isArray(value)) {
    const item: unknown = value[0] ?? drawValue(schema.items ?? {}, draw, 3);
    const length = maxItems + draw(2);
    values.push(Array.from({ length }, (): unknown => structuredClone(item)));
    const items = schema.items ?? {};
    values.push(Array.from({ length }, () => drawValue(items, draw, 3)));
  }
  if (names !== undefined && typeof value === 'string') {
    values.push(value.toLowerCase(), value.toUpperCase(), `${value}s`, '');
  }
  if (Array.isArray(value)) values.push([]);
  if (typeof value === 'object' && !Array.isArray(value) && once(2, draw)) values.push({});
  return values;
}
