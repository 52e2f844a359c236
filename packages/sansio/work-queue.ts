/**
 * WorkQueue: what waits to be done, each key once, with batching, back-off and a rate limit.
 *
 * A key that is enqueued while it waits coalesces with what waits (the newer item, the earlier
 * time); while it is being worked on it is kept and waits again after `done`, so nothing that
 * happens during the work is lost and no key is worked on twice at once.
 *
 * Invariant: knows no clock and sets no timer. Time and randomness are arguments, so the same
 * calls always give the same answers.
 */
export interface WorkQueueOptions<Item> {
  readonly keyOf: (item: Item) => string;
  /** In [0, 1): the jitter of back-off. */
  readonly random: () => number;
  readonly limits: WorkQueueLimits;
}

export interface WorkQueueLimits {
  /** The longest delay after a first failure; it doubles with each further one. */
  readonly backoffInitialMs: number;
  readonly backoffMaxMs: number;
  /** Long-run rate of takes that return something. */
  readonly takesPerSecond: number;
  /** How many such takes may follow each other at once after a quiet time. */
  readonly takeBurst: number;
}

export interface WorkQueue<Item> {
  /** Makes `item` ready at `at`, in milliseconds since the epoch like all times here. */
  enqueue(item: Item, at: number): void;
  /** All items ready at `now`, in the order they were first enqueued; they count as in work. */
  take(now: number): Item[];
  /** Ends the work on an item; what was enqueued for its key meanwhile waits from now on. */
  done(item: Item): void;
  /** Counts a failure of the item's key and enqueues it after the back-off; returns when. */
  retry(item: Item, now: number): number;
  /** Forgets the failures of the item's key. */
  forget(item: Item): void;
  /** Whether the item's key failed and its next try lies after `now`. */
  isBackingOff(item: Item, now: number): boolean;
  /** When `take` will next return something; absent when nothing waits. */
  nextAt(): number | undefined;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly at: number;
}

export function createWorkQueue<Item>(options: WorkQueueOptions<Item>): WorkQueue<Item> {
  const { keyOf, random, limits } = options;
  const waiting = new Map<string, Waiting<Item>>();
  /** Keys in work, with what came for them meanwhile. */
  const working = new Map<string, Waiting<Item> | undefined>();
  const failures = new Map<string, { count: number; nextAt: number }>();
  const bucket = createTokenBucket(limits.takesPerSecond, limits.takeBurst);
  let earliest = Number.POSITIVE_INFINITY;

  const addWaiting = (key: string, added: Waiting<Item>): void => {
    const merged = merge(waiting.get(key), added);
    waiting.set(key, merged);
    earliest = Math.min(earliest, merged.at);
  };

  const enqueue = (item: Item, at: number): void => {
    const key = keyOf(item);
    if (working.has(key)) working.set(key, merge(working.get(key), { item, at }));
    else addWaiting(key, { item, at });
  };

  return {
    enqueue,
    take(now) {
      if (earliest > now || !bucket.take(now)) return [];
      const ready = [...waiting].filter(([, { at }]) => at <= now);
      for (const [key] of ready) {
        waiting.delete(key);
        working.set(key, undefined);
      }
      earliest = minimum([...waiting.values()].map(({ at }) => at));
      return ready.map(([, { item }]) => item);
    },
    done(item) {
      const key = keyOf(item);
      const again = working.get(key);
      working.delete(key);
      if (again !== undefined) addWaiting(key, again);
    },
    retry(item, now) {
      const count = (failures.get(keyOf(item))?.count ?? 0) + 1;
      const nextAt = now + backoffDelayMs(count, limits, random);
      failures.set(keyOf(item), { count, nextAt });
      enqueue(item, nextAt);
      return nextAt;
    },
    forget(item) {
      failures.delete(keyOf(item));
    },
    isBackingOff(item, now) {
      return (failures.get(keyOf(item))?.nextAt ?? now) > now;
    },
    nextAt() {
      if (earliest === Number.POSITIVE_INFINITY) return undefined;
      return Math.max(earliest, bucket.nextAt());
    },
  };
}

/** The newer item at the earlier time: nobody waits longer because more came. */
function merge<Item>(older: Waiting<Item> | undefined, newer: Waiting<Item>): Waiting<Item> {
  return older === undefined || newer.at <= older.at ? newer : { ...newer, at: older.at };
}

/**
 * Half of the exponential delay is fixed, half is random: replicas that failed together part, and
 * none comes back at once.
 */
function backoffDelayMs(failures: number, limits: WorkQueueLimits, random: () => number): number {
  const { backoffInitialMs, backoffMaxMs } = limits;
  const delayMs = Math.min(backoffMaxMs, backoffInitialMs * 2 ** (failures - 1));
  return Math.ceil(delayMs / 2 + (random() * delayMs) / 2);
}

interface TokenBucket {
  take(now: number): boolean;
  /** The earliest time at which a token is there. */
  nextAt(): number;
}

/** A bucket is one number: the time at which it would be full again (the GCRA form). */
function createTokenBucket(perSecond: number, burst: number): TokenBucket {
  const intervalMs = 1000 / perSecond;
  const toleranceMs = intervalMs * (burst - 1);
  let fullAt = Number.NEGATIVE_INFINITY;
  return {
    take(now) {
      if (fullAt - toleranceMs > now) return false;
      fullAt = Math.max(fullAt, now) + intervalMs;
      return true;
    },
    nextAt: () => fullAt - toleranceMs,
  };
}

function minimum(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}
