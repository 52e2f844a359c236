/** What one look at a cluster came to. */

/** `missing`: something will not work; `warning`: all works, but not as it is meant to. */
export type CheckState = 'ok' | 'warning' | 'missing';

export interface CheckResult {
  /** What was looked at: `API server`, `CRD`, `permission`, … */
  readonly check: string;
  /** Which one, where there are several. */
  readonly subject?: string;
  readonly state: CheckState;
  readonly found: string;
  /** What to do; with every state but `ok`. */
  readonly advice?: string;
}
