/**
 * Names and labels of what is written for a Gateway in its namespace. A Gateway's name may have 253
 * characters, a label and a Service 63: what is longer is cut, and a hash tells it apart.
 */
import { createHash } from 'node:crypto';
import { OWN_LABEL, OWN_LABEL_VALUE } from './watched-kinds.ts';

const LENGTH_MAX = 63;
const HASH_LENGTH = 8;

/** `<gateway>-<class>`, at most 63 characters. */
export function publicationName(gateway: string, gatewayClass: string): string {
  return fit(`${gateway}-${gatewayClass}`);
}

export function publicationLabels(
  gateway: string,
  gatewayClass: string,
): Readonly<Record<string, string>> {
  return {
    [OWN_LABEL]: OWN_LABEL_VALUE,
    'gateway.networking.k8s.io/gateway-name': fit(gateway),
    'gateway.networking.k8s.io/gateway-class-name': fit(gatewayClass),
  };
}

function fit(text: string): string {
  if (text.length <= LENGTH_MAX) return text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
  return `${text.slice(0, LENGTH_MAX - HASH_LENGTH - 1).replace(/[^a-z0-9]+$/, '')}-${hash}`;
}
