/**
 * What the matcher needs to know of a request. The proxy implements it over bytes; tests and
 * explain over plain objects (`buildRequest`).
 */
export interface RequestView {
  /** Lower case, without port and trailing dot. Empty: none was sent (HTTP/1.0). */
  readonly host: string;
  readonly method: string;
  /** Normalised once at the boundary (RFC 3986 section 6); without query. Begins with `/`. */
  readonly path: string;
  /** Raw query without `?`; empty when there is none. */
  readonly query: string;
  /** Value of a field by its lower-case name; several lines joined by `, `; absent: undefined. */
  header(name: string): string | undefined;
}
