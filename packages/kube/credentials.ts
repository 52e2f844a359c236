/** Where a cluster is, and by what a client may prove who it is. */

export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'token-file'; readonly path: string }
  | ({ readonly kind: 'client-certificate' } & ClientKeyPair)
  | ({ readonly kind: 'exec' } & ExecPlugin);

/** PEM. */
export interface ClientKeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** A program that prints credentials, as a kubeconfig names it. */
export interface ExecPlugin {
  readonly apiVersion: string;
  /** As it is run: absolute, or looked up in the `PATH`. */
  readonly command: string;
  readonly args: readonly string[];
  /** Beside those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly provideClusterInfo: boolean;
  /** What to tell whoever lacks the program. */
  readonly installHint?: string;
}

export interface ClusterAccess {
  /** URL, with a path if the API is served below one. */
  readonly server: string;
  /** PEM; absent: the system's authorities. */
  readonly certificateAuthority?: string;
  /** The name that the server's certificate must have, where it is not the URL's host. */
  readonly serverName?: string;
  /** Only where a kubeconfig says so. */
  readonly skipTlsVerify?: boolean;
  readonly credentials: Credentials;
}

/** What a request carries. */
export interface Identity {
  /** The header's whole value. */
  readonly authorization?: string;
  readonly keyPair?: ClientKeyPair;
}

/** An identity and the moment, as of `Date.now()`, from which on it is no longer used. */
export interface LimitedIdentity {
  readonly identity: Identity;
  readonly until: number;
}
