/**
 * The identity of the next request. What can change is kept for a while and had anew when it is
 * old, has expired, or was refused: tokens in files, which are rotated in place, and what an exec
 * plugin prints.
 */
import { readFile } from 'node:fs/promises';
import type { ClusterAccess, Identity, LimitedIdentity } from './credentials.ts';
import { runExecPlugin } from './exec-plugin.ts';

export interface CredentialSource {
  current(): Promise<Identity>;
  /** After a 401 to `refused`: another identity to try, if there is one. */
  renew(refused: Identity): Promise<Identity | undefined>;
}

export function openIdentity(access: ClusterAccess): CredentialSource {
  const { credentials } = access;
  switch (credentials.kind) {
    case 'none':
      return settled({});
    case 'token':
      return settled({ authorization: `Bearer ${credentials.token}` });
    case 'client-certificate':
      return settled({ keyPair: credentials });
    case 'token-file':
      return remembered(() => readTokenFile(credentials.path));
    case 'exec':
      return remembered(() => runExecPlugin(credentials, access));
  }
}

/** A kubelet replaces a token well before it expires, so a minute-old copy is good. */
const tokenAgeMs = 60_000;

async function readTokenFile(path: string): Promise<LimitedIdentity> {
  const token = (await readFile(path, 'utf8')).trim();
  return { identity: { authorization: `Bearer ${token}` }, until: Date.now() + tokenAgeMs };
}

function settled(identity: Identity): CredentialSource {
  return { current: async () => identity, renew: async () => undefined };
}

/** Many requests that need a new one at once share one. */
function remembered(obtain: () => Promise<LimitedIdentity>): CredentialSource {
  let known: LimitedIdentity | undefined;
  let pending: Promise<Identity> | undefined;
  const refresh = async (): Promise<Identity> => {
    pending ??= obtain()
      .then((obtained) => {
        known = obtained;
        return obtained.identity;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
  return {
    current: async () =>
      known !== undefined && Date.now() < known.until ? known.identity : refresh(),
    renew: async (refused) =>
      known !== undefined && known.identity !== refused ? known.identity : refresh(),
  };
}
