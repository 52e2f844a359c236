/**
 * What two lists differ in, by identity: successive states of one list mostly share their items,
 * so that a walk side by side, without a set of all, finds the few that they do not share.
 */

/** `after` is `before` without `gone` and with `come`, in some order; no item is in both. */
export interface ListDelta<Item> {
  readonly gone: readonly Item[];
  readonly come: readonly Item[];
}

export function listDelta<Item>(before: readonly Item[], after: readonly Item[]): ListDelta<Item> {
  if (before === after) return NOTHING;
  const gone: Item[] = [];
  const come: Item[] = [];
  let old = 0;
  let fresh = 0;
  while (old < before.length && fresh < after.length) {
    if (before[old] === after[fresh]) {
      old += 1;
      fresh += 1;
      continue;
    }
    const [skipped, added] = findMeeting(before, after, { old, fresh }) ?? [];
    if (skipped === undefined || added === undefined) break;
    for (const end = old + skipped; old < end; old++) gone.push(before[old] as Item);
    for (const end = fresh + added; fresh < end; fresh++) come.push(after[fresh] as Item);
  }
  for (; old < before.length; old++) gone.push(before[old] as Item);
  for (; fresh < after.length; fresh++) come.push(after[fresh] as Item);
  return gone.length === 0 || come.length === 0 ? { gone, come } : withoutMoved(gone, come);
}

export function isSameList<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  if (one === other) return true;
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

/** How many items in a row may differ before two lists are taken to differ in whole. */
const STEPS_MAX = 8;

/** How many items of each have to be skipped for the lists to meet again. */
function findMeeting<Item>(
  before: readonly Item[],
  after: readonly Item[],
  { old, fresh }: { old: number; fresh: number },
): readonly [skipped: number, added: number] | undefined {
  for (let steps = 1; steps <= 2 * STEPS_MAX; steps++) {
    for (let skipped = 0; skipped <= steps; skipped++) {
      const one = old + skipped;
      const other = fresh + steps - skipped;
      const isInside = one < before.length && other < after.length;
      if (isInside && before[one] === after[other]) return [skipped, steps - skipped];
    }
  }
  return undefined;
}

const NOTHING: ListDelta<never> = { gone: [], come: [] };

/** What went at one place may have come at another. */
function withoutMoved<Item>(gone: readonly Item[], come: readonly Item[]): ListDelta<Item> {
  const counts = new Map<Item, number>();
  for (const item of gone) counts.set(item, (counts.get(item) ?? 0) + 1);
  const takeOne = (item: Item): boolean => {
    const count = counts.get(item) ?? 0;
    if (count > 0) counts.set(item, count - 1);
    return count > 0;
  };
  const stayed = come.filter((item) => !takeOne(item));
  return { gone: gone.filter(takeOne), come: stayed };
}
