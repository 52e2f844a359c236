/** What explain answers: plain data, for the CLI, the dashboard and tests alike. */
import type {
  EndpointConfig,
  FilterConfig,
  MatchOutcome,
  ObjectName,
  UpstreamProtocol,
} from '@sluice/model';
import type { Finding } from '../finding.ts';

/** A request that someone might send. */
export interface Question {
  /** `namespace/name` of the Gateway. */
  readonly gateway: string;
  /** As the Gateway declares it, not as it may be mapped to. */
  readonly port: number;
  /** As in the Host field. */
  readonly host: string;
  /** Path with an optional query, normalised. */
  readonly target: string;
  readonly method?: string;
  readonly headers?: Iterable<readonly [string, string]>;
  /** SNI of the connection on HTTPS ports; absent: the host's name. */
  readonly serverName?: string;
}

export interface Explanation {
  readonly question: QuestionEcho;
  /** The listener that the request arrives at. */
  readonly listener?: ListenerChoice;
  readonly route?: RouteChoice;
  /** Every match of the listener, the winner included, in the order in which they are asked. */
  readonly candidates: readonly CandidateVerdict[];
  /** Of the rule, in the order in which they run. */
  readonly filters: readonly FilterStep[];
  readonly limits: readonly LimitSource[];
  readonly backends: readonly BackendChoice[];
  readonly answer: Answer;
  /** Of the objects that the request meets on its way. */
  readonly findings: readonly Finding[];
}

export interface QuestionEcho {
  readonly gateway: string;
  readonly port: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

export interface ListenerChoice {
  readonly owner: ObjectName;
  readonly name: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
  /** Absent: it takes every host that no other listener of the port names. */
  readonly hostname?: string;
}

/** Where something stands in a manifest. */
export interface Source {
  readonly object: ObjectName;
  /** Path as in the YAML: `spec.rules[1].filters[0]`. */
  readonly field: string;
}

export interface RouteChoice extends Source {
  readonly ruleName?: string;
  /** The route's own hostname that led to it; empty: the route has none. */
  readonly hostname: string;
}

export interface CandidateVerdict extends Source {
  readonly hostname: string;
  readonly outcome: MatchOutcome;
}

export interface FilterStep extends Source {
  readonly filter: FilterConfig;
}

export interface LimitSource extends Source {
  readonly name: 'request timeout' | 'backend request timeout' | 'retry';
  /** `500ms`, `3 more tries on 500, 503 or when no connection can be made`. */
  readonly text: string;
}

export interface BackendChoice extends Source {
  readonly id?: string;
  readonly weight: number;
  /** Share of requests, 0 to 1. */
  readonly share: number;
  readonly protocol?: UpstreamProtocol;
  readonly filters: readonly FilterConfig[];
  readonly endpoints: readonly EndpointConfig[];
  /** Requests for this backend are answered so; absent: they are forwarded. */
  readonly answer?: ErrorAnswer;
}

export type Answer =
  /** To one of the backends; those that can't serve say so themselves. */
  | { readonly kind: 'forward' }
  | { readonly kind: 'redirect'; readonly statusCode: number }
  /** A CORS preflight, answered by the gateway itself. */
  | { readonly kind: 'preflight'; readonly statusCode: 204 }
  | ErrorAnswer
  /** The port is not open at all. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface ErrorAnswer {
  readonly kind: 'error';
  readonly statusCode: 404 | 421 | 500 | 503;
  readonly reason: string;
}
