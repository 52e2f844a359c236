/**
 * The kinds and versions of which objects are drawn, and the schemas they are drawn from: those
 * that the validator judges by.
 */
import { listKinds, type Schema } from '@sluice/spec';
import type { Channel } from '../cluster/definitions.ts';
import { withoutUnmodelled } from './unmodelled.ts';

export interface DrawnKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Kubernetes' own, not defined by a CustomResourceDefinition. */
  readonly isBuiltIn: boolean;
  /** What is drawn; of built-in kinds a part. */
  readonly schema: Schema;
}

/** Every kind in every version that there is on the channel, served or not. */
export function listDrawnKinds(channel: Channel): readonly DrawnKind[] {
  const known = drawnByChannel.get(channel);
  if (known !== undefined) return known;
  const kinds = deriveKinds(channel);
  drawnByChannel.set(channel, kinds);
  return kinds;
}

const drawnByChannel = new Map<Channel, readonly DrawnKind[]>();

function deriveKinds(channel: Channel): readonly DrawnKind[] {
  return listKinds(channel).flatMap(({ group, kind, plural, namespaced, versions }) =>
    versions.map(({ name, schema }) => {
      const isBuiltIn = !group.startsWith('gateway.networking.');
      const properties = { ...schema.properties };
      delete properties['metadata'];
      const required = schema.required?.filter((field) => field !== 'metadata') ?? [];
      const drawn = { ...schema, properties, required };
      return {
        group,
        version: name,
        plural,
        kind,
        namespaced,
        isBuiltIn,
        schema: isBuiltIn ? withoutUnmodelled(kind, drawn) : drawn,
      };
    }),
  );
}
