/** What passes between whoever starts a cluster and the supervisor of it. */
import type { Channel } from './definitions.ts';

/** What the supervisor is to start. */
export interface ClusterPlan {
  readonly directory: string;
  readonly channel: Channel;
}

/** What the supervisor tells. */
export type ClusterMessage =
  | { readonly kind: 'progress'; readonly line: string }
  | ReadyMessage
  | { readonly kind: 'failed'; readonly reason: string };

export interface ReadyMessage {
  readonly kind: 'ready';
  readonly kubeconfig: string;
  readonly server: string;
  readonly auditLog: string;
}
