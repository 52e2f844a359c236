/** What reconcile gives: for one object, and for all of them. */
import type { ProxyConfig } from '@sluice/model';
import type { Effect } from '@sluice/sansio';
import type { Finding } from './finding.ts';

export interface ReconcileResult {
  /** By `namespace/name` of the Gateway; one for each Gateway of ours. */
  readonly configs: Readonly<Record<string, ProxyConfig>>;
  /** In the order of `compareFindings`, each once. */
  readonly findings: readonly Finding[];
  /** Configs to publish first, then statuses, then timers. */
  readonly effects: readonly Effect<ProxyConfig>[];
}

/** What an entry point gives for one object. */
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly effects: readonly Effect<ProxyConfig>[];
}
