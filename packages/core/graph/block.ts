/**
 * Sorted lists in blocks that outlive changes.
 *
 * A list of 10,000 in which one element changed is cut into the same blocks as before, but for the
 * one that holds the change; whatever is derived from a block is remembered with it. Where blocks
 * begin depends on what came before, so nothing that is shown may depend on it.
 */

export interface Block<Item> {
  readonly items: readonly Item[];
}

const ITEMS_MAX = 64;

/** Many more blocks than this many times the least possible: they have crumbled, begin anew. */
const CRUMBLED = 3;

/** `items` in order; `previous`: the blocks of an earlier state of the list. */
export function cutBlocks<Item extends object>(
  items: readonly Item[],
  previous: readonly Block<Item>[] = [],
): readonly Block<Item>[] {
  const starts = new Map<Item, Block<Item>>();
  for (const block of previous) if (block.items[0] !== undefined) starts.set(block.items[0], block);
  const blocks: Block<Item>[] = [];
  for (let at = 0; at < items.length; ) {
    const block = reusable(items, at, starts) ?? {
      items: items.slice(at, endOf(items, at, starts)),
    };
    blocks.push(block);
    at += block.items.length;
  }
  const least = Math.ceil(items.length / ITEMS_MAX);
  const isCrumbled = previous.length > 0 && blocks.length > least * CRUMBLED;
  return isCrumbled ? cutBlocks(items) : blocks;
}

type Starts<Item> = ReadonlyMap<Item, Block<Item>>;

function reusable<Item>(
  items: readonly Item[],
  at: number,
  starts: Starts<Item>,
): Block<Item> | undefined {
  const first = items[at];
  const block = first === undefined ? undefined : starts.get(first);
  if (block === undefined) return undefined;
  const known = block.items;
  for (let index = 0; index < known.length; index += 1) {
    if (known[index] !== items[at + index]) return undefined;
  }
  return block;
}

/** Up to where the next known block begins, so that it can be used again. */
function endOf<Item>(items: readonly Item[], at: number, starts: Starts<Item>): number {
  let end = at + 1;
  while (end < items.length && end - at < ITEMS_MAX) {
    const item = items[end];
    if (item !== undefined && starts.has(item)) break;
    end += 1;
  }
  return end;
}
