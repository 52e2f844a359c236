/** Bounds of what one message may make us hold. Sizes in octets. */
export interface WireLimits {
  /** A whole request or response head with its empty line. */
  readonly headBytesMax: number;
  /** Field lines of a head, or of a trailer section. */
  readonly fieldsMax: number;
  readonly trailerBytesMax: number;
  /** All chunk extensions of one message: they are dropped, and cost reading. */
  readonly chunkExtensionBytesMax: number;
}

export const DEFAULT_LIMITS: WireLimits = Object.freeze({
  headBytesMax: 16_384,
  fieldsMax: 100,
  trailerBytesMax: 8_192,
  chunkExtensionBytesMax: 16_384,
});
