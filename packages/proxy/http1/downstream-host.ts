/** What a client connection needs of the worker it runs in. */
import type { WireLimits } from '@sluice/wire';
import type { Downstream } from '../codec.ts';
import type { Exchange } from '../exchange-state.ts';
import type { Limits } from '../limits.ts';
import type { TimeoutWheel } from '../timeouts.ts';
import type { AuthorityTable } from './authority.ts';
import type { Outbox } from './outbox.ts';

/** A client connection as its worker keeps it. */
export interface ClosableDownstream extends Downstream {
  /** For a drain: no request after the current one. */
  closeWhenIdle(): void;
}

export interface DownstreamHost {
  readonly limits: Limits;
  readonly wireLimits: WireLimits;
  readonly wheel: TimeoutWheel;
  readonly outbox: Outbox;
  readonly authorities: AuthorityTable;
  readonly isTrusted: (address: string) => boolean;
  /** Responses say `Connection: close`. */
  isDraining(): boolean;
  createExchange(downstream: Downstream): Exchange;
  run(exchange: Exchange): void;
  /** A request whose head could not be read was answered. */
  refused(statusCode: number, reason: string): void;
  closed(downstream: ClosableDownstream): void;
}
