/**
 * Who holds which address of 10.97.0.0/16.
 *
 * Guarantees: no address has two holders; one that was given back is the last to be given again,
 * since connections to its former holder may linger.
 */

const addressesFrom = ipv4(10, 97, 0, 1);
/** Above are the addresses that nobody gets unless they ask for them. */
const addressesTo = ipv4(10, 97, 199, 255);
const requestedTo = ipv4(10, 97, 255, 254);

export class AddressPool {
  readonly #holders = new Map<number, string>();
  readonly #held = new Map<string, number>();
  #next = addressesFrom;

  /**
   * The address of this holder from now on: the one it asks for, else the one it has, else a free
   * one. Undefined when what it asks for is out of range or somebody else's; then it holds nothing.
   */
  claim(holder: string, requested?: string): string | undefined {
    const held = this.#held.get(holder);
    if (requested === undefined && held !== undefined) return render(held);
    const address = requested === undefined ? this.#findFree() : parse(requested);
    if (address !== undefined && address === held) return requested;
    this.release(holder);
    if (address === undefined || this.#holders.has(address)) return undefined;
    this.#holders.set(address, holder);
    this.#held.set(holder, address);
    return render(address);
  }

  release(holder: string): void {
    const address = this.#held.get(holder);
    if (address === undefined) return;
    this.#held.delete(holder);
    this.#holders.delete(address);
  }

  #findFree(): number | undefined {
    for (let count = addressesTo - addressesFrom + 1; count > 0; count -= 1) {
      const address = this.#next;
      this.#next = address === addressesTo ? addressesFrom : address + 1;
      if (!this.#holders.has(address)) return address;
    }
    return undefined;
  }
}

/** Undefined for what is not one of ours. */
function parse(text: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const address = ipv4(...(text.split('.').map(Number) as [number, number, number, number]));
  return address >= addressesFrom && address <= requestedTo ? address : undefined;
}

function ipv4(a: number, b: number, c: number, d: number): number {
  return ((a * 256 + b) * 256 + c) * 256 + d;
}

function render(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}
