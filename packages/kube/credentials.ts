/** How a client proves who it is. Tokens in files are read anew, as they are rotated in place. */
import { readFile } from 'node:fs/promises';

export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'token-file'; readonly path: string }
  | { readonly kind: 'client-certificate'; readonly certificate: string; readonly key: string };

export interface ClusterAccess {
  /** URL, with a path if the API is served below one. */
  readonly server: string;
  /** PEM; absent: the system's authorities. */
  readonly certificateAuthority?: string;
  /** Only where a kubeconfig says so. */
  readonly skipTlsVerify?: boolean;
  readonly credentials: Credentials;
}

/** A kubelet replaces a token well before it expires, so a minute-old copy is good. */
const tokenAgeMs = 60_000;

/**
 * The `authorization` value of the next request, if there is one. `refused` says that the last
 * value got a 401: a token file is then read at once.
 */
export function authorizer(
  credentials: Credentials,
): (refused?: boolean) => Promise<string | undefined> {
  let read: { readonly value: string; readonly at: number } | undefined;
  return async (refused = false) => {
    switch (credentials.kind) {
      case 'none':
      case 'client-certificate':
        return undefined;
      case 'token':
        return `Bearer ${credentials.token}`;
      case 'token-file': {
        if (read === undefined || refused || performance.now() - read.at > tokenAgeMs) {
          const token = (await readFile(credentials.path, 'utf8')).trim();
          read = { value: `Bearer ${token}`, at: performance.now() };
        }
        return read.value;
      }
      default:
        throw new TypeError(`unknown credentials ${JSON.stringify(credentials satisfies never)}`);
    }
  };
}
