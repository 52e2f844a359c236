/**
 * Consistent hashing by a lookup table (Maglev, NSDI 2016): a pick is one array read, shares are
 * exact to a slot, and a change of the list moves few keys but those that must move.
 *
 * The table is a function of keys and weights alone, so every worker and replica has the same,
 * in whatever order the list comes.
 */
import type { BalancedEndpoint, Balancer, ExcludedEndpoints } from './balancer.ts';
import { hashString } from './hash.ts';

/**
 * Prime: every step through the table visits all of its slots. One size for all lists of two or
 * more, since another size is another mapping: growing from 4 to 5 endpoints would move most
 * keys. 128 KiB and some 10 ms to build.
 */
const TABLE_SIZE = 65_537;

const OFFSET_SEED = 0x3c6ef372;
const STEP_SEED = 0x1b873593;

/** Indexes of endpoints by slot. */
type Table = Uint16Array | Uint32Array;

export function buildMaglev(endpoints: readonly BalancedEndpoint[]): Balancer {
  const table = buildTable(endpoints);
  return {
    pick({ hash }, excluded) {
      if (table === undefined) return -1;
      const first = hash % table.length;
      const index = table[first] ?? -1;
      if (!excluded?.has(index)) return index;
      return nextRemaining(table, first, excluded) ?? anyRemaining(endpoints, excluded);
    },
  };
}

/** Neighbours in the table are as good as random: the keys of an excluded endpoint spread. */
function nextRemaining(
  table: Table,
  first: number,
  excluded: ExcludedEndpoints,
): number | undefined {
  for (let distance = 1; distance < table.length; distance++) {
    const index = table[(first + distance) % table.length] ?? -1;
    if (!excluded.has(index)) return index;
  }
  return undefined;
}

/** For weights so small beside the others that they have no slot. */
function anyRemaining(endpoints: readonly BalancedEndpoint[], excluded: ExcludedEndpoints): number {
  return endpoints.findIndex(({ weight }, index) => weight > 0 && !excluded.has(index));
}

/** Undefined: nobody has a weight. */
function buildTable(endpoints: readonly BalancedEndpoint[]): Table | undefined {
  const weighted = endpoints.filter((endpoint) => endpoint.weight > 0);
  if (weighted.length === 0) return undefined;
  return fillTable(endpoints, weighted.length === 1 ? 1 : TABLE_SIZE);
}

/** Each endpoint walks the slots in its own order and takes turns with the others by weight. */
function fillTable(endpoints: readonly BalancedEndpoint[], size: number): Table {
  const walkers = buildWalkers(endpoints, size);
  const weightMax = Math.max(...walkers.map((walker) => walker.weight));
  const table = endpoints.length > 0xffff ? new Uint32Array(size) : new Uint16Array(size);
  const isTaken = new Uint8Array(size);
  let free = size;
  for (let round = 1; ; round++) {
    for (const walker of walkers) {
      if ((round * walker.weight) / weightMax < walker.taken + 1) continue;
      while (isTaken[walker.slot] === 1) walker.slot = (walker.slot + walker.step) % size;
      table[walker.slot] = walker.index;
      isTaken[walker.slot] = 1;
      walker.taken++;
      if (--free === 0) return table;
    }
  }
}

interface Walker {
  readonly index: number;
  readonly weight: number;
  readonly step: number;
  slot: number;
  taken: number;
}

/** In the order of their keys, whatever the order of the list. */
function buildWalkers(endpoints: readonly BalancedEndpoint[], size: number): Walker[] {
  const walkers: (Walker & { key: string })[] = [];
  for (const [index, { key, weight }] of endpoints.entries()) {
    if (weight <= 0) continue;
    const slot = hashString(key, OFFSET_SEED) % size;
    const step = (hashString(key, STEP_SEED) % Math.max(1, size - 1)) + 1;
    walkers.push({ key, index, weight, step, slot, taken: 0 });
  }
  return walkers.sort((one, other) => (one.key < other.key ? -1 : 1));
}
