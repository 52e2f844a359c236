/**
 * The files of `sluice gateway`: a ProxyConfig as JSON or YAML, and a directory with the keys of
 * its certificates, laid out as mounted Secrets are: `NAMESPACE/NAME/tls.crt` and `tls.key`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listCertificateRefs, type ProxyConfig, parseProxyConfig } from '@sluice/model';
import { type KeyPair, readKeyPair, readSecretFacts } from '@sluice/pki';
import type { KeyStore } from '@sluice/proxy';

export type GatewayConfigRead =
  | { readonly config: ProxyConfig; readonly keys: KeyStore }
  /** Names the file, the field, what is wrong and what to do. */
  | { readonly problem: string };

type FingerprintedPair = KeyPair & { readonly fingerprint: string };

/** Most bytes of a config file. */
const CONFIG_BYTES_MAX = 64 * 1024 * 1024;

export async function readGatewayConfig(
  file: string,
  keysDirectory: string | undefined,
): Promise<GatewayConfigRead> {
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > CONFIG_BYTES_MAX) return { problem: `${file} is larger than 64 MiB.` };
    const parsed = parseProxyConfig(await parseText(file, text));
    if (!parsed.ok) {
      const lines = parsed.problems.map(({ field, message }) => `${field}: ${message}`);
      return { problem: `${file} is not a proxy config: ${lines.join('; ')}.` };
    }
    return await readKeys(parsed.config, keysDirectory);
  } catch (error) {
    return { problem: `${file} can't be read: ${messageOf(error)}.` };
  }
}

/** The YAML reader is loaded only where there is YAML: JSON is what a data plane gets. */
async function parseText(file: string, text: string): Promise<unknown> {
  if (file.endsWith('.json')) return JSON.parse(text);
  const { parse } = await import('yaml');
  return parse(text);
}

async function readKeys(
  config: ProxyConfig,
  directory: string | undefined,
): Promise<GatewayConfigRead> {
  const keys = new Map<string, FingerprintedPair>();
  for (const { id } of listCertificateRefs(config)) {
    if (keys.has(id)) continue;
    if (directory === undefined) {
      return { problem: `certificate ${id} is referenced: say where its key is with --keys.` };
    }
    const read = await readPair(join(directory, id), id);
    if (typeof read === 'string') return { problem: read };
    keys.set(id, read);
  }
  return { config, keys };
}

/** The pair, or what is wrong with it. */
async function readPair(directory: string, id: string): Promise<FingerprintedPair | string> {
  const [namespace = '', name = ''] = id.split('/');
  const files = await Promise.all(
    ['tls.crt', 'tls.key'].map((file) =>
      readFile(join(directory, file), 'utf8').catch(
        (error: unknown) => new Error(messageOf(error)),
      ),
    ),
  );
  const [certificate, key] = files;
  if (typeof certificate !== 'string' || typeof key !== 'string') {
    const missing = files.find((file) => file instanceof Error);
    return `certificate ${id}: ${messageOf(missing)}.`;
  }
  const secret = {
    metadata: { namespace, name },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': certificate, 'tls.key': key },
  };
  const facts = readSecretFacts(secret);
  const pair = readKeyPair(secret);
  if (pair === undefined || facts.certificate === undefined) {
    return `certificate ${id}: ${facts.problem ?? 'it is unusable'}.`;
  }
  return { ...pair, fingerprint: facts.certificate.fingerprint };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
