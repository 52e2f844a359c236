/**
 * Which parts go into the index ConfigMap and which into ConfigMaps of their own.
 *
 * What changed goes into the index, so that a change is one write and one event. When that gets
 * too large, the parts that have been unchanged longest move out, down to a low mark: room for
 * changes to come, without a move each time.
 */
import type { EncodedPart } from './part-codec.ts';

export interface Placement {
  readonly inline: readonly EncodedPart[];
  readonly separate: readonly EncodedPart[];
  /** Names, the one that changed last first; input of the next placement. */
  readonly recency: readonly string[];
}

export interface PlacementLimits {
  /** Compressed bytes beside the index. An API server takes 1 MiB for the whole object. */
  readonly inlineBytesMax: number;
  /** What is left there when parts had to move out. */
  readonly inlineBytesLow: number;
  /** Compressed bytes of one part: a ConfigMap of its own may hold two versions of it. */
  readonly partBytesMax: number;
}

export const placementLimits: PlacementLimits = {
  inlineBytesMax: 700 * 1024,
  inlineBytesLow: 500 * 1024,
  partBytesMax: 500 * 1024,
};

export interface Placed {
  /** Hash and whether in the index, by name of the part. */
  readonly live: ReadonlyMap<string, { readonly hash: string; readonly inline: boolean }>;
  readonly recency: readonly string[];
}

export function placeParts(
  parts: readonly EncodedPart[],
  { live, recency: before }: Placed,
  limits: PlacementLimits = placementLimits,
): Placement {
  const isChanged = ({ name, hash }: EncodedPart): boolean => live.get(name)?.hash !== hash;
  const rank = new Map(before.map((name, index) => [name, index]));
  const rankOf = (part: EncodedPart): number =>
    isChanged(part) ? -1 : (rank.get(part.name) ?? before.length);
  const byRecency = parts.toSorted((one, other) => rankOf(one) - rankOf(other));
  const wanted = byRecency.filter((part) => isChanged(part) || live.get(part.name)?.inline);
  const inline = new Set(wanted);
  let bytes = sizeOf(wanted);
  if (bytes > limits.inlineBytesMax) {
    for (const part of wanted.toReversed()) {
      if (bytes <= limits.inlineBytesLow) break;
      inline.delete(part);
      bytes -= part.bytes;
    }
  }
  return {
    inline: parts.filter((part) => inline.has(part)),
    separate: parts.filter((part) => !inline.has(part)),
    recency: byRecency.map(({ name }) => name),
  };
}

function sizeOf(parts: readonly EncodedPart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}
