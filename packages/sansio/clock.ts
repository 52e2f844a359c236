/** Clock: time as an input. Tests turn it by hand; a shell hands in the real one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Calls back once when `now()` has reached `at`, and never from inside `setTimer`. Calling
   * earlier is allowed (long delays may be cut short): the loop looks at `now()` and asks again.
   * Returns a function that cancels.
   */
  setTimer(at: number, callback: () => void): () => void;
}
