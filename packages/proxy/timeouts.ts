/**
 * Timeouts without a timer per request: one coarse wheel per worker.
 *
 * A `Timeout` is embedded in the object it guards and lives as long. Arming it later than it stood,
 * which is what every request does, is one field write: the wheel looks again when the old slot
 * comes round; and the time is the wheel's own, read once a tick. A timeout fires up to three
 * ticks after its deadline, never before it.
 */

const tickMs = 10;
const slotCount = 512;

export class Timeout {
  /** Milliseconds of the wheel's clock; Infinity: disarmed. */
  deadline = Number.POSITIVE_INFINITY;
  /** Its place in the slot of the wheel that holds it; -1: none does. */
  place = -1;
  /** When that slot comes round. */
  queuedFor = 0;
  readonly onExpired: () => void;

  constructor(onExpired: () => void) {
    this.onExpired = onExpired;
  }
}

export class TimeoutWheel {
  readonly #now: () => number;
  #slots: Timeout[][] = Array.from({ length: slotCount }, () => []);
  #size = 0;
  #tick: number;
  #timer: NodeJS.Timeout | undefined;
  /** Time at the last tick. */
  #lastMs = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#tick = this.#currentTick();
  }

  /** Replaces what was set before. */
  arm(timeout: Timeout, delayMs: number): void {
    // The wheel's time lags by up to a tick: without the extra one it would fire too early.
    const deadline = (this.#timer === undefined ? this.#now() : this.#lastMs + tickMs) + delayMs;
    timeout.deadline = deadline;
    if (timeout.place >= 0 && timeout.queuedFor <= deadline + tickMs) return;
    // Queued for later than it now has to fire: take it out of its slot.
    if (timeout.place >= 0) this.#remove(timeout);
    this.#insert(timeout);
  }

  disarm(timeout: Timeout): void {
    timeout.deadline = Number.POSITIVE_INFINITY;
  }

  /** Disarms for good: the wheel lets go of it, and of what it guards. */
  release(timeout: Timeout): void {
    timeout.deadline = Number.POSITIVE_INFINITY;
    if (timeout.place >= 0) this.#remove(timeout);
  }

  /** Drops everything; nothing fires any more. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#slots = Array.from({ length: slotCount }, () => []);
    this.#size = 0;
  }

  #insert(timeout: Timeout): void {
    if (this.#timer === undefined) this.#start();
    const ticks = Math.ceil(timeout.deadline / tickMs) + 1 - this.#tick;
    const tick = this.#tick + Math.min(Math.max(ticks, 1), slotCount - 1);
    const slot = this.#slot(tick);
    timeout.place = slot.length;
    timeout.queuedFor = tick * tickMs;
    slot.push(timeout);
    this.#size += 1;
  }

  #remove(timeout: Timeout): void {
    const slot = this.#slot(timeout.queuedFor / tickMs);
    const last = slot.pop();
    if (last !== undefined && last !== timeout) {
      slot[timeout.place] = last;
      last.place = timeout.place;
    }
    timeout.place = -1;
    this.#size -= 1;
  }

  #start(): void {
    this.#tick = this.#currentTick();
    this.#lastMs = this.#now();
    this.#timer = setInterval(() => this.#advance(), tickMs);
    this.#timer.unref();
  }

  #advance(): void {
    this.#lastMs = this.#now();
    const now = Math.floor(this.#lastMs / tickMs);
    const last = Math.min(now, this.#tick + slotCount);
    for (let tick = this.#tick + 1; tick <= last; tick += 1) this.#turn(tick);
    this.#tick = now;
    if (this.#size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #turn(tick: number): void {
    const index = tick % slotCount;
    const due = this.#slots[index];
    if (due === undefined || due.length === 0) return;
    this.#slots[index] = [];
    this.#tick = tick;
    const now = this.#lastMs;
    // The slot is on its own now: whoever is released meanwhile must not look for itself in it.
    this.#size -= due.length;
    for (const timeout of due) timeout.place = -1;
    for (const timeout of due) {
      // Queued anew by the callback of one before it.
      if (timeout.place >= 0) continue;
      if (timeout.deadline === Number.POSITIVE_INFINITY) continue;
      if (timeout.deadline > now) {
        this.#insert(timeout);
        continue;
      }
      timeout.deadline = Number.POSITIVE_INFINITY;
      timeout.onExpired();
    }
  }

  #currentTick(): number {
    return Math.floor(this.#now() / tickMs);
  }

  #slot(tick: number): Timeout[] {
    const slot = this.#slots[tick % slotCount];
    if (slot === undefined) throw new RangeError(`no slot for tick ${tick}`);
    return slot;
  }
}
