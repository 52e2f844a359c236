/**
 * A map that never changes and is cheap to derive another from: a few changes lie over a base that
 * both share. With many changes on top of each other a new base is made, so that a lookup is one
 * or two lookups, ever.
 */
import { patchMap } from './key-table.ts';

export class LayeredMap<T> {
  readonly size: number;
  readonly #base: ReadonlyMap<string, T>;
  /** Undefined: not there, whatever the base has. */
  readonly #changes: ReadonlyMap<string, T | undefined>;

  private constructor(
    base: ReadonlyMap<string, T>,
    changes: ReadonlyMap<string, T | undefined>,
    size: number,
  ) {
    this.#base = base;
    this.#changes = changes;
    this.size = size;
  }

  static of<T>(entries: ReadonlyMap<string, T>): LayeredMap<T> {
    return new LayeredMap(entries, NONE, entries.size);
  }

  get(key: string): T | undefined {
    if (this.#changes.size > 0) {
      const changed = this.#changes.get(key);
      if (changed !== undefined || this.#changes.has(key)) return changed;
    }
    return this.#base.get(key);
  }

  *values(): Iterable<T> {
    for (const [key, value] of this.#base) if (!this.#changes.has(key)) yield value;
    for (const value of this.#changes.values()) if (value !== undefined) yield value;
  }

  /** With other values, or none (`undefined`), for some keys. */
  patched(changes: ReadonlyMap<string, T | undefined>): LayeredMap<T> {
    if (changes.size === 0) return this;
    const layer = new Map(this.#changes);
    let { size } = this;
    for (const [key, value] of changes) {
      size += Number(value !== undefined) - Number(this.get(key) !== undefined);
      layer.set(key, value);
    }
    const isThick = layer.size > Math.max(LAYER_MIN, 4 * Math.sqrt(this.#base.size));
    return isThick
      ? LayeredMap.of(patchMap(this.#base, layer))
      : new LayeredMap(this.#base, layer, size);
  }
}

/** Up to here a layer is no cost. */
const LAYER_MIN = 16;

const NONE: ReadonlyMap<string, never> = new Map<string, never>();
