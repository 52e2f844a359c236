/**
 * What every balance policy offers: from an endpoint list, the index of the endpoint for one try
 * of one request. One contract suite (`balancer.test.ts`) runs against each.
 *
 * Randomness and hash keys are inputs. A balancer belongs to one endpoint list and one worker;
 * a new list is a new balancer, built outside the path of requests.
 */

/** An endpoint as a balancer sees it. */
export interface BalancedEndpoint {
  /** Stable identity, such as `address:port`; unique in the list. */
  readonly key: string;
  /** Share relative to the others; 0: never picked. */
  readonly weight: number;
}

export interface PickInput {
  /** Uniform in [0, 1). */
  readonly random: number;
  /** Unsigned 32-bit hash of what the request is to be sticky to; used by consistent hashing. */
  readonly hash: number;
}

/** Endpoints not to pick, by index: tried in this request, ejected. A `Set` will do. */
export interface ExcludedEndpoints {
  has(index: number): boolean;
}

export interface Balancer {
  /** An index into the endpoint list, or -1 when all that have a weight are excluded. */
  pick(input: PickInput, excluded?: ExcludedEndpoints): number;
}
