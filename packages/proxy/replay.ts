/**
 * Keeps the beginning of a request's body on its way to the endpoint, so that a retry or a mirror
 * can have it again. Bounded: a longer body still streams, but only once.
 */

import type { FieldSection } from '@sluice/wire';
import type { BodySink } from './codec.ts';
import { copyRange } from './http1/byte-range.ts';

export class ReplayBuffer implements BodySink {
  /** The body was longer than what is kept. */
  overflowed = false;
  /** The whole body was seen. */
  finished = false;
  /** Called once, when the body is complete and whole, or has overflowed. */
  onSettled: ((isWhole: boolean) => void) | undefined;
  readonly #bytesMax: number;
  #parts: Uint8Array[] = [];
  #length = 0;
  #trailers: FieldSection | undefined;
  #sink: BodySink | undefined;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get parts(): readonly Uint8Array[] {
    return this.#parts;
  }

  get trailers(): FieldSection | undefined {
    return this.#trailers;
  }

  /** From now on `sink` gets the body, what went before first. Returns whether it is the first. */
  attach(sink: BodySink): boolean {
    const isFirst = this.#sink === undefined;
    this.#sink = sink;
    for (const part of this.#parts) sink.write(part, 0, part.length);
    if (this.#trailers !== undefined) sink.finish(this.#trailers);
    if (!isFirst) sink.flush();
    return isFirst;
  }

  write(bytes: Uint8Array, start: number, end: number): void {
    this.#sink?.write(bytes, start, end);
    if (this.overflowed) return;
    this.#length += end - start;
    if (this.#length > this.#bytesMax) {
      this.overflowed = true;
      this.#parts = [];
      this.onSettled?.(false);
      return;
    }
    this.#parts.push(copyRange(bytes, start, end));
  }

  finish(trailers: FieldSection): void {
    this.finished = true;
    this.#trailers = trailers;
    this.#sink?.finish(trailers);
    if (!this.overflowed) this.onSettled?.(true);
  }

  flush(): boolean {
    return this.#sink?.flush() ?? true;
  }
}
