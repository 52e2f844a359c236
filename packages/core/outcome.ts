/** What reconcile gives: for one object, and for all of them. */
import type { ProxyConfig } from '@sluice/model';
import type { Effect } from '@sluice/sansio';
import type { Finding } from './finding.ts';

export interface ReconcileResult {
  /** By `namespace/name` of the Gateway; one for each Gateway of ours. */
  readonly configs: Readonly<Record<string, ProxyConfig>>;
  /** In the order of `compareFindings`, each once. */
  readonly findings: readonly Finding[];
  /** By kind: configs to publish, applies, deletes, statuses, events, timers. */
  readonly effects: readonly Effect<ProxyConfig>[];
}

/** The same, with the effects in lists; all together they are those of `ReconcileResult`. */
export interface ListedResult extends Omit<ReconcileResult, 'effects'> {
  /**
   * A list that is the very same as in an earlier result is about the very same objects: whoever
   * found nothing to do about it then need not look at it again.
   */
  readonly effectLists: readonly (readonly Effect<ProxyConfig>[])[];
}

/** What an entry point gives for one object. */
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly effects: readonly Effect<ProxyConfig>[];
}
