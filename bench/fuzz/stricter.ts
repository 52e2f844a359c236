/**
 * The written list: what we refuse although strict llhttp reads it, by reason, and why.
 *
 * A reason missing here is a fault of the fuzz run; a reason here that no run meets is dead.
 */

export const STRICTER: ReadonlyMap<string, string> = new Map([
  ['missing-host', 'RFC 9112 section 3.2 asks for 400; llhttp leaves it to its user.'],
  ['repeated-host', 'RFC 9112 section 3.2 asks for 400; peers route by the first or the last.'],
  ['invalid-host', 'RFC 9112 section 3.2: no authority of RFC 3986, or an empty one.'],
  ['invalid-target', 'RFC 9112 section 3.2: no target form; fragments, `\\`, octets above 127.'],
  ['target-above-root', 'Climbs above `/`: endpoints resolve it to different files.'],
  ['invalid-percent-encoding', 'A broken escape or `%00` in the path: decoders differ.'],
  ['invalid-method', 'A bare CR or several empty lines before the request line.'],
  ['invalid-version', 'More than one SP before the version, or none at all (HTTP/0.9).'],
  ['unsupported-version', 'HTTP/0.9 and HTTP/2.0 on an HTTP/1 connection: answered 505.'],
  ['connect-unsupported', 'A gateway is no forward proxy: CONNECT is answered 501.'],
  ['unknown-method', 'Methods of other protocols that llhttp knows: answered 501.'],
  ['invalid-content-length', 'More than 15 digits: beyond 2^53 lengths are not exact everywhere.'],
  ['unsupported-transfer-coding', 'Any coding but exactly `chunked`, once.'],
  ['transfer-coding-in-http10', 'RFC 9112 section 6.1: the framing is faulty.'],
  ['invalid-chunk-size', 'More than 13 digits: leading zeros hide sizes that overflow elsewhere.'],
  ['invalid-chunk-extension', 'Not the grammar of RFC 9112 section 7.1.1: `;a=`, `;a=b"c"`.'],
  ['forbidden-trailer', 'Content-Length or Transfer-Encoding after the body.'],
  ['body-in-interim', 'RFC 9110 section 15.2: a 1xx response has no body; llhttp reads some.'],
  ['invalid-status-line', 'Other versions, a status below 100, control characters in the phrase.'],
]);
