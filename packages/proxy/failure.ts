/**
 * Everything that can end an exchange other than a response of the origin, and what the client is
 * told. The names are the `flag` of the access log and a label of the metrics.
 */

export const failures = {
  'no-listener': { statusCode: 404, text: 'no listener for this host' },
  'no-route': { statusCode: 404, text: 'no route matches' },
  misdirected: { statusCode: 421, text: 'this host is not served on this connection' },
  'invalid-rule': { statusCode: 500, text: 'the route can not be served' },
  'no-backend': { statusCode: 500, text: 'the route has no usable backend' },
  'no-endpoints': { statusCode: 503, text: 'no endpoint is ready' },
  'connect-failed': { statusCode: 503, text: 'no endpoint could be reached' },
  'upstream-tls': { statusCode: 502, text: 'the endpoint could not be trusted' },
  'upstream-reset': { statusCode: 502, text: 'the endpoint closed the connection' },
  'upstream-invalid': { statusCode: 502, text: 'the endpoint sent an invalid response' },
  'upstream-unsupported': { statusCode: 502, text: 'the protocol of the backend is not supported' },
  'upstream-timeout': { statusCode: 504, text: 'the endpoint took too long' },
  'request-timeout': { statusCode: 504, text: 'the request took too long' },
  'slow-request': { statusCode: 408, text: 'the request took too long to arrive' },
  'invalid-request': { statusCode: 400, text: 'the request is malformed' },
  'client-gone': { statusCode: 499, text: 'the client closed the connection' },
  internal: { statusCode: 500, text: 'internal error' },
} as const satisfies Record<string, { readonly statusCode: number; readonly text: string }>;

export type Failure = keyof typeof failures;
