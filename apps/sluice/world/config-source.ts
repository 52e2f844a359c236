/** Where a data plane's config comes from, as the command that runs it sees it. */
import type { ProxyConfig } from '@sluice/model';
import type { ApplyResult, KeyStore } from '@sluice/proxy';

export type ApplyConfig = (config: ProxyConfig, keys: KeyStore) => Promise<ApplyResult>;

export interface ConfigSource {
  /** Applies what there is and each change. A `UsageError` says why it can't even begin. */
  follow(apply: ApplyConfig): Promise<FollowedConfig>;
}

export interface FollowedConfig {
  /** Where it stands, for people; no key is in it. */
  describe(): Readonly<Record<string, unknown>>;
  /** Resolves when nothing is applied any more. */
  stop(): Promise<void>;
}
