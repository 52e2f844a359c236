/** What a trial is, and what it is given. */
import type { Client } from '@sluice/kube';
import type { Cluster } from '../cluster/cluster.ts';
import type { Kubectl } from '../cluster/kubectl.ts';

export interface Trial {
  readonly name: string;
  /** What it proves, in one line. */
  readonly about: string;
  /** How long it puts things under load; absent for those that take what they take. */
  readonly duration?: { readonly shortMs: number; readonly longMs: number };
  /** Rejects with what was not as it has to be. */
  run(context: TrialContext): Promise<void>;
}

/** Trials run in the network namespace of the cluster. */
export interface TrialContext {
  readonly cluster: Cluster;
  /** An administrator's. */
  readonly client: Client;
  readonly kubectl: Kubectl;
  /** New, and deleted after the trial. */
  readonly namespace: string;
  /** 0 for a trial without a duration. */
  readonly durationMs: number;
  /** Prints a figure or a fact. */
  readonly report: (line: string) => void;
}
