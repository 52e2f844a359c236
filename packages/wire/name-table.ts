/**
 * Recognises one of a fixed list of names in a run of octets.
 *
 * The key is the length and four octets; its factors are searched for at construction so that no
 * two names share a slot. A lookup is then one load and at most one comparison.
 */
import { octetsOf } from './octets.ts';

const SLOT_MASK = 255;
const FOLD = 0x20;

/** `caseless` tables take names in lower case. Ids are positions in the list plus one. */
export class NameTable {
  readonly #names: readonly Uint8Array[];
  readonly #fold: number;
  #ids: Uint8Array = new Uint8Array(SLOT_MASK + 1);
  #lengthFactor = 1;
  #firstFactor = 1;

  constructor(names: readonly string[], caseless: boolean) {
    this.#names = names.map(octetsOf);
    this.#fold = caseless ? FOLD : 0;
    this.#search();
  }

  /** Id of the name at `bytes[start, end)`, which is a non-empty token; 0: not in the list. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    const fold = this.#fold;
    const id = this.#ids[this.#slot(bytes, start, length)] as number;
    if (id === 0) return 0;
    const name = this.#names[id - 1] as Uint8Array;
    if (name.length !== length) return 0;
    // Among token characters, OR 0x20 maps only letters onto letters and "-" onto itself.
    for (let index = 0; index < length; index += 1) {
      if (((bytes[start + index] as number) | fold) !== name[index]) return 0;
    }
    return id;
  }

  #slot(bytes: Uint8Array, start: number, length: number): number {
    const fold = this.#fold;
    const first = (bytes[start] as number) | fold;
    const middle = (bytes[start + (length >> 1)] as number) | fold;
    const late = (bytes[start + ((length * 3) >> 2)] as number) | fold;
    const last = (bytes[start + length - 1] as number) | fold;
    const key =
      length * this.#lengthFactor + first * this.#firstFactor + middle * 5 + late * 3 + last;
    return key & SLOT_MASK;
  }

  #search(): void {
    for (let lengthFactor = 1; lengthFactor <= SLOT_MASK; lengthFactor += 2) {
      for (let firstFactor = 1; firstFactor <= SLOT_MASK; firstFactor += 2) {
        this.#lengthFactor = lengthFactor;
        this.#firstFactor = firstFactor;
        if (this.#place()) return;
      }
    }
    throw new RangeError('no collision-free table for these names');
  }

  #place(): boolean {
    const ids = this.#ids.fill(0);
    for (let index = 0; index < this.#names.length; index += 1) {
      const name = this.#names[index] as Uint8Array;
      const slot = this.#slot(name, 0, name.length);
      if (ids[slot] !== 0) return false;
      ids[slot] = index + 1;
    }
    return true;
  }
}
