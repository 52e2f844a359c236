/**
 * The immutable tables a data plane routes with: one `RouteTable` per `ProxyConfig`.
 *
 * `A` is what the data plane wants to find at the end of a lookup (its compiled filters and
 * backend choice); this package only carries it.
 */
import type { Conditions } from './conditions.ts';
import type {
  BindConfig,
  HttpRouteConfig,
  ListenerConfig,
  MatchConfig,
  ObjectName,
  ProxyConfig,
  RuleConfig,
} from './config.ts';
import type { HostIndex } from './host-index.ts';
import type { PrefixIndex } from './prefix-index.ts';
import type { ConfigProblem } from './problem.ts';

export interface RouteTable<A> {
  readonly config: ProxyConfig;
  /** In the order of `config.binds`. */
  readonly binds: readonly BindTable<A>[];
}

export interface BindTable<A> {
  readonly config: BindConfig;
  /** In the order of `config.listeners`. */
  readonly listeners: readonly ListenerTable<A>[];
  readonly byHost: HostIndex<ListenerTable<A>>;
}

export interface ListenerTable<A> {
  readonly config: ListenerConfig;
  readonly identity: ListenerIdentity;
  /** Attached routes that have a hostname in common with the listener. */
  readonly routes: readonly CompiledRoute<A>[];
  /** Keyed by the routes' own hostnames, not by their intersections with the listener's. */
  readonly byHost: HostIndex<HostTable<A>>;
}

/** What stays of a listener while routes and certificates come and go. */
export interface ListenerIdentity {
  readonly owner: ObjectName;
  readonly name: string;
  readonly hostname: string | undefined;
  readonly port: number;
  readonly bindPort: number;
  readonly protocol: BindConfig['protocol'];
}

/** The answer to a lookup; built when the table is, so that a lookup allocates nothing. */
export interface CompiledMatch<A> {
  readonly listener: ListenerIdentity;
  readonly route: HttpRouteConfig;
  readonly rule: RuleConfig;
  readonly ruleIndex: number;
  readonly match: MatchConfig;
  readonly matchIndex: number;
  /** One per listener, route and rule. */
  readonly action: A;
  readonly conditions: Conditions;
}

export interface CompiledRoute<A> {
  readonly route: HttpRouteConfig;
  /** The route's hostnames that the listener covers at least in part; `''`: every host. */
  readonly hostnames: readonly string[];
  /** In rule order, then match order, without the matches that can't be compiled. */
  readonly matches: readonly CompiledMatch<A>[];
  /** The matches that can't be compiled. */
  readonly problems: readonly ConfigProblem[];
}

/** All matches that one hostname of some routes leads to, in order of precedence by path. */
export interface HostTable<A> {
  /** Exact, `*.suffix`, or `''`: every host. */
  readonly hostname: string;
  readonly exact: ReadonlyMap<string, readonly CompiledMatch<A>[]>;
  readonly regex: readonly CompiledMatch<A>[];
  readonly prefix: PrefixIndex<readonly CompiledMatch<A>[]>;
  /** The match that every request to this host finds, where there is such a one. */
  readonly sole: CompiledMatch<A> | undefined;
}
