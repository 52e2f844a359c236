/**
 * Head of an HTTP/1.x response as offsets into its octets.
 *
 * After `parseResponseHead` returned an offset, its framing takes account of the request's method
 * and the status (RFC 9112 section 6.3).
 */
import type { WireLimits } from '../limits.ts';
import { FieldSection } from './field-section.ts';
import { FRAMING_NONE } from './framing.ts';
import { HeadProgress, PHASE_IDLE } from './head-progress.ts';

const EMPTY = new Uint8Array(0);

/** Reusable: one per upstream connection. Valid from a parse until the next. */
export class ResponseHead {
  readonly limits: WireLimits;
  bytes: Uint8Array = EMPTY;
  start = 0;
  /** Offset of the first octet of the body. */
  end = 0;
  /** Decides whether the response has a body; see `expect`. */
  requestMethod = 0;
  minorVersion = 1;
  /** 100 to 999. Below 200, and not 101: another head follows for the same request. */
  statusCode = 0;
  readonly fields: FieldSection;
  framing = FRAMING_NONE;
  /** Octets of the body; 0 unless `framing` is `FRAMING_LENGTH`. */
  contentLength = 0;
  /**
   * Content-Length as declared, also where no body follows (HEAD, 304); -1: none.
   */
  declaredLength = -1;
  /** The upstream connection can carry another request once the body ended. */
  keepAlive = true;
  readonly progress: HeadProgress = new HeadProgress();

  constructor(limits: WireLimits) {
    this.limits = limits;
    this.fields = new FieldSection(limits.fieldsMax);
  }

  /** Prepares for the responses to one request, interim ones included. `method`: `METHOD` id. */
  expect(method: number): void {
    this.requestMethod = method;
    this.progress.phase = PHASE_IDLE;
  }
}
