/**
 * Small changes near a CEL rule: to what it speaks of, with the words it speaks in. They make a
 * wrong object right about as often as a right one wrong.
 */

import type { Schema } from '@sluice/spec';
import { type Draw, once, pick } from './choice.ts';
import { drawValue } from './value-draw.ts';

type JsonObject = Record<string, unknown>;

/** Changes the value in place where it can, and returns what is to stand there. */
export function nudge(value: unknown, schema: Schema, draw: Draw): unknown {
  const rule = schema.rules?.length ? pick(schema.rules, draw).rule : '';
  if (Array.isArray(value)) return nudgeList(value, schema, { rule, draw });
  if (typeof value === 'object' && value !== null) {
    nudgeObject(value as JsonObject, schema, { rule, draw });
    return value;
  }
  return typeof value === 'string' ? nudgeText(value, rule, draw) : drawValue(schema, draw, 1);
}

interface Nudge {
  readonly rule: string;
  readonly draw: Draw;
}

function nudgeList(list: unknown[], schema: Schema, { rule, draw }: Nudge): unknown {
  const items = schema.items ?? {};
  const index = list.length === 0 ? 0 : draw(list.length);
  switch (draw(list.length === 0 ? 1 : 4)) {
    case 0:
      return [...list, drawValue(items, draw, 1)];
    case 1:
      return [...list, structuredClone(list[index])];
    case 2:
      return list.toSpliced(index, 1);
    default: {
      const item = list[index];
      const next = structuredClone(item);
      if (typeof next === 'object' && next !== null && !Array.isArray(next)) {
        nudgeObject(next as JsonObject, items, { rule, draw });
      }
      return once(3, draw) ? [...list, next] : list.with(index, next);
    }
  }
}

function nudgeObject(object: JsonObject, schema: Schema, { rule, draw }: Nudge): void {
  const { properties = {} } = schema;
  const known = Object.keys(properties);
  const spoken = known.filter((name) => new RegExp(`\\b(__)?${name}(__)?\\b`).test(rule));
  const names = spoken.length > 0 ? spoken : known;
  if (names.length === 0) return;
  const name = pick(names, draw);
  const property = properties[name] ?? {};
  const words = wordsOf(rule);
  if (Object.hasOwn(object, name) && once(2, draw)) delete object[name];
  else if (property.type === 'string' && !property.enum && words.length > 0 && once(2, draw)) {
    object[name] = pick(words, draw);
  } else object[name] = drawValue(property, draw, 1);
}

function nudgeText(text: string, rule: string, draw: Draw): string {
  const words = [...wordsOf(rule), '/', '*', 'a', ''];
  const word = pick(words, draw);
  return pick([word, text + word, word + text], draw);
}

/** What stands in quotes, patterns aside. */
function wordsOf(rule: string): readonly string[] {
  return [...rule.matchAll(/(?<!")(['"])([^'"\\^]{1,40})\1(?!")/g)].map((match) => match[2] ?? '');
}
