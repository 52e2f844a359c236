/** Pseudo-random choices from a seed (xorshift32): the same seed gives the same inputs. */

export class Random {
  #state: number;

  constructor(seed: number) {
    // Spreads small seeds over all bits; xorshift stays at 0 for ever when it begins there.
    this.#state = Math.imul(seed + 1, 0x9e37_79b1) || 1;
    for (let round = 0; round < 4; round += 1) this.next();
  }

  /** Unsigned 32 bits. */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state >>> 0;
  }

  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number {
    return this.next() % bound;
  }

  /** True once in `times` on average. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** Mostly `usual`; once in `times` one of `odd`. */
  mostly(usual: string, odd: readonly string[], times: number): string {
    return this.oneIn(times) ? this.pick(odd) : usual;
  }
}
