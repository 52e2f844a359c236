/**
 * Head of an HTTP/1.x request as offsets into its octets.
 *
 * After `parseRequestHead` returned an offset, everything here is consistent: one framing, one
 * valid Host, a normal path. What the head exposes is what will be sent on, so a match can't see
 * another request than the endpoint does.
 */
import type { WireLimits } from '../limits.ts';
import { FieldSection } from './field-section.ts';
import { FRAMING_NONE } from './framing.ts';
import { HeadProgress, PHASE_IDLE } from './head-progress.ts';

export const TARGET_ORIGIN = 0;
/** The target named scheme and authority; they replace Host, and never choose an endpoint. */
export const TARGET_ABSOLUTE = 1;
/** `*`: OPTIONS of the server as a whole. There is no path. */
export const TARGET_ASTERISK = 2;

export const UPGRADE_NONE = 0;
export const UPGRADE_WEBSOCKET = 1;
/** Another single protocol; `h2c` is never offered on, lists are ignored. */
export const UPGRADE_OTHER = 2;

const EMPTY = new Uint8Array(0);

/** Reusable: one per connection. Valid from a parse until the next, while `bytes` is unchanged. */
export class RequestHead {
  readonly limits: WireLimits;
  bytes: Uint8Array = EMPTY;
  /** Offset of the method in `bytes`. */
  start = 0;
  /** Offset of the first octet of the body (or of the next message). */
  end = 0;
  /** `METHOD` id. */
  method = 0;
  methodEnd = 0;
  minorVersion = 1;

  targetForm = TARGET_ORIGIN;
  /** Holds path and query: `bytes`, or octets of our own when the path had to be normalised. */
  targetBytes: Uint8Array = EMPTY;
  targetStart = 0;
  /** The query without its `?` is `targetBytes[pathEnd + 1, targetEnd)` when that is not empty. */
  pathEnd = 0;
  targetEnd = 0;
  /** Bits of request-line.ts: why the target may have to be normalised. */
  targetFlags = 0;

  /** Host as sent, within `bytes`; `hostStart === hostEnd`: HTTP/1.0 without one. */
  hostStart = 0;
  /** End of the name: a port follows up to `hostEnd` when they differ. */
  hostNameEnd = 0;
  hostEnd = 0;

  readonly fields: FieldSection;
  framing = FRAMING_NONE;
  /** Octets of the body; 0 unless `framing` is `FRAMING_LENGTH`. */
  contentLength = 0;
  /** The client wants to go on after this exchange. */
  keepAlive = true;
  upgrade = UPGRADE_NONE;
  expectContinue = false;
  /** `TE: trailers`: the client reads trailer fields. */
  acceptsTrailers = false;

  /** Progress of a head that is not complete yet. */
  readonly progress: HeadProgress = new HeadProgress();

  constructor(limits: WireLimits) {
    this.limits = limits;
    this.fields = new FieldSection(limits.fieldsMax);
  }

  /** Forgets a partial head; needed only when its connection is given up. */
  reset(): void {
    this.progress.phase = PHASE_IDLE;
  }
}
