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
  /** Whether some slot of the wheel holds it. */
  queued = false;
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
    if (timeout.queued && timeout.queuedFor <= deadline + tickMs) return;
    // Queued for later than it now has to fire: take it out of its slot.
    if (timeout.queued) this.#remove(timeout);
    this.#insert(timeout);
  }

  disarm(timeout: Timeout): void {
    timeout.deadline = Number.POSITIVE_INFINITY;
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
    timeout.queued = true;
    timeout.queuedFor = tick * tickMs;
    this.#slot(tick).push(timeout);
    this.#size += 1;
  }

  #remove(timeout: Timeout): void {
    const slot = this.#slot(timeout.queuedFor / tickMs);
    const index = slot.indexOf(timeout);
    if (index < 0) return;
    slot.splice(index, 1);
    timeout.queued = false;
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
    for (const timeout of due) {
      this.#size -= 1;
      timeout.queued = false;
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
