/** What exchanges use of the worker they run in. */
import type { AccessLog } from './access-log.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import type { Pool } from './pool.ts';
import type { TimeoutWheel } from './timeouts.ts';

export interface Services {
  readonly limits: Limits;
  readonly wheel: TimeoutWheel;
  readonly pool: Pool;
  readonly metrics: Metrics;
  readonly accessLog: AccessLog | undefined;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Monotonic milliseconds, with a fraction. */
  readonly now: () => number;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
  /** May this peer say who the client is? */
  readonly isTrusted: (address: string) => boolean;
}
