/** Trust anchors, of clients and of backends: PEM under the key ca.crt of a ConfigMap or Secret. */
import type { ConfigMap } from '@sluice/spec';
import type { SecretFacts } from '../snapshot.ts';
import { pemProblem } from './pem.ts';

export type TrustAnchor = ConfigMap | SecretFacts;

export interface TrustAnchorRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** Why nothing of this kind can be a trust anchor; undefined: it can. */
export function anchorKindProblem({ group, kind, name }: TrustAnchorRef): string | undefined {
  if (group === '' && (kind === 'ConfigMap' || kind === 'Secret')) return undefined;
  const named = group === '' ? kind : `${group}/${kind}`;
  return `${named} ${name} is not a kind of trust anchor; use a ConfigMap with the key ca.crt.`;
}

/** `named`: kind, namespace and name, for what is said of it. */
export function readAnchor(
  named: string,
  anchor: TrustAnchor | undefined,
): { readonly pem: string } | { readonly problem: string } {
  if (anchor === undefined) {
    return { problem: `${named} does not exist: create it or correct the name.` };
  }
  const pem = 'metadata' in anchor ? anchor.data?.['ca.crt'] : anchor.caCertificates;
  const damage = pem === undefined ? 'has no key ca.crt' : pemProblem(pem);
  if (pem !== undefined && damage === undefined) return { pem };
  return { problem: `${named} ${damage}: put PEM certificates under the key ca.crt.` };
}
