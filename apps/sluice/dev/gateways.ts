/**
 * The data planes of a laptop: one proxy for each Gateway. What of a config can't be applied leaves
 * the rest of it serving.
 */
import { listCertificateRefs, type ProxyConfig } from '@sluice/model';
import type { KeyPair } from '@sluice/pki';
import type { KeyStore, Proxy } from '@sluice/proxy';
import type { HandlerResult } from '@sluice/sansio';

export interface GatewaysPorts {
  readonly startProxy: (gateway: string, address: string) => Proxy;
  readonly addressOf: (gateway: string) => string;
  readonly keyPair: (id: string) => KeyPair | undefined;
  /** The Gateway's proxy serves this version. */
  readonly onServing: (gateway: string, version: string) => void;
}

export interface ServingGateway {
  readonly gateway: string;
  readonly address: string;
  readonly config: ProxyConfig;
  readonly proxy: Proxy;
  /** False: some of it is not in force, a port that is taken for example; it is tried again. */
  readonly isWhole: boolean;
}

export interface Gateways {
  /** Serves a config from now on, or says why not. */
  apply(gateway: string, config: ProxyConfig): Promise<HandlerResult>;
  /** Ends the proxies of Gateways that are not in the list any more. */
  retain(gateways: ReadonlySet<string>): Promise<void>;
  serving(): readonly ServingGateway[];
  close(): Promise<void>;
}

export function createGateways(ports: GatewaysPorts): Gateways {
  const serving = new Map<string, ServingGateway>();
  const end = async (gateway: string): Promise<void> => {
    const running = serving.get(gateway);
    serving.delete(gateway);
    await running?.proxy.close();
  };
  return {
    async apply(gateway, config) {
      const address = ports.addressOf(gateway);
      const running = serving.get(gateway);
      const isSame = running?.config.version === config.version && running.address === address;
      if (isSame && running.isWhole) {
        return { kind: 'unchanged' };
      }
      if (running && running.address !== address) await end(gateway);
      const proxy = serving.get(gateway)?.proxy ?? ports.startProxy(gateway, address);
      const { problems } = await proxy.apply(config, keysFor(config, ports.keyPair));
      const isWhole = problems.length === 0;
      serving.set(gateway, { gateway, address, config, proxy, isWhole });
      if (!isWhole) {
        const all = problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
        return { kind: 'failed', reason: 'unavailable', message: `${gateway}: ${all}` };
      }
      ports.onServing(gateway, config.version);
      return { kind: 'done' };
    },
    async retain(gateways) {
      const gone = [...serving.keys()].filter((gateway) => !gateways.has(gateway));
      await Promise.all(gone.map(end));
    },
    serving: () => [...serving.values()],
    async close() {
      await Promise.all([...serving.keys()].map(end));
    },
  };
}

function keysFor(config: ProxyConfig, keyPair: GatewaysPorts['keyPair']): KeyStore {
  const keys = new Map<string, KeyPair & { readonly fingerprint: string }>();
  for (const { id, fingerprint } of listCertificateRefs(config)) {
    const pair = keyPair(id);
    if (pair) keys.set(id, { ...pair, fingerprint });
  }
  return keys;
}
