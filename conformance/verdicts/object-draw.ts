/**
 * Objects of all kinds, from a seed: right ones, and ones with a few changes.
 *
 * Guarantees: the same number gives the same object.
 */
import { validateObject } from '@sluice/spec';
import type { Channel } from '../cluster/definitions.ts';
import { type Draw, drawFrom, once, pick } from './choice.ts';
import { type DrawnKind, listDrawnKinds } from './kind-list.ts';
import { mutateMetadata } from './metadata-mutation.ts';
import { mutate } from './mutation.ts';
import { findPlace, type Place, removeAt, replaceAt, valueAt } from './place.ts';
import { nudge } from './rule-nudge.ts';
import { drawValue } from './value-draw.ts';

export interface DrawnObject {
  readonly channel: Channel;
  readonly kind: DrawnKind;
  readonly object: Readonly<Record<string, unknown>>;
  /** What was done to an object that was right, as far as this could be had. */
  readonly mutations: readonly string[];
  /** How the server treats unknown fields. */
  readonly fieldValidation: 'Warn' | 'Strict';
}

export function drawObject(seed: number, channel: Channel): DrawnObject {
  const draw = drawFrom(seed);
  // Each kind gets its share, whatever the seeds.
  const kinds = listDrawnKinds(channel);
  const kind = kinds[seed % kinds.length] ?? pick(kinds, draw);
  const object = drawRight(kind, channel, draw);
  const fieldValidation = once(3, draw) ? 'Strict' : 'Warn';
  const mutations: string[] = [];
  const count = pick([0, 0, 1, 1, 1, 2, 3], draw);
  for (let done = 0; done < count; done++) {
    mutations.push(
      once(8, draw) ? mutateMetadata(object, draw) : mutate(object, kind.schema, draw),
    );
  }
  return { channel, kind, object, mutations, fieldValidation };
}

/** Draws until an object is right, or gives what comes nearest. */
function drawRight(kind: DrawnKind, channel: Channel, draw: Draw): Record<string, unknown> {
  let object: Record<string, unknown> = {};
  for (let attempt = 0; attempt < 3; attempt++) {
    object = {
      ...(drawValue(kind.schema, draw) as object),
      apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`,
      kind: kind.kind,
      metadata: { name: 'drawn', ...(kind.namespaced && { namespace: 'default' }) },
    };
    for (let repairs = 0; repairs < 60; repairs++) {
      const place = findFault(object, kind, channel);
      if (place === 'none') return object;
      if (place === undefined) break;
      repair(place, draw);
    }
  }
  return object;
}

function findFault(
  object: Record<string, unknown>,
  kind: DrawnKind,
  channel: Channel,
): Place | 'none' | undefined {
  const { problems } = validateObject(object, { channel, status: 'keep' });
  const fault = problems.find(({ severity }) => severity === 'error');
  return fault === undefined ? 'none' : findPlace(object, kind.schema, fault.field);
}

function repair(place: Place, draw: Draw): void {
  const { key, schema, parentSchema } = place;
  const isOptional = !parentSchema.required?.includes(String(key));
  if (isOptional && once(4, draw)) removeAt(place);
  else if (schema.rules !== undefined && !once(4, draw)) {
    replaceAt(place, nudge(valueAt(place), schema, draw));
  } else replaceAt(place, drawValue(schema, draw, pick([1, 2, 6], draw)));
}
