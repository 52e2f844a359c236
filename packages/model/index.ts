/** What a proxy obeys: its config, the route table, matching and balancing. See README.md. */

export {
  type BalancedEndpoint,
  type Balancer,
  type ExcludedEndpoints,
  type PickInput,
} from './balance/balancer.ts';
export { hashBytes, hashString, mixHash } from './balance/hash.ts';
export { type BalancePolicy, buildBalancer } from './balance/policy.ts';
export { buildWeightedChoice, type WeightedChoice } from './balance/weighted-choice.ts';
export { listCertificateRefs } from './certificate-refs.ts';
export { type CompileResult, compileConfig } from './compile.ts';
export type { Conditions, ValueCondition } from './conditions.ts';
export type * from './config.ts';
export { coversHostname, hostnamesIntersect } from './host-index.ts';
export { HostMemo } from './host-memo.ts';
export { isSameList, listDelta } from './list-delta.ts';
export type { RuleContext } from './listener-table.ts';
export { actionOf, matchRequest, selectListener } from './match.ts';
export { type ParsedConfig, parseProxyConfig } from './parse/config-parser.ts';
export { type ParsedEntry, parsePartEntry } from './parse/entry-parser.ts';
export { createReferenceCheck, type ReferenceCheck } from './parse/reference-check.ts';
export { compareHostnames, comparePrecedence, type PrecedenceStep } from './precedence.ts';
export type { ConfigProblem } from './problem.ts';
export { findQueryValue } from './query.ts';
export { checkRegex, compileRegex, type RegexCheck, type TextMatcher } from './regex.ts';
export { buildRequest, normalizeHost, type RequestParts, type RequestView } from './request.ts';
export { createConfigJoiner } from './shards/join.ts';
export {
  type BackendEntry,
  type ConfigPart,
  configPartNames,
  type HeadEntry,
  type PartEntry,
  type RouteEntry,
} from './shards/part.ts';
export { type ConfigSplitter, createConfigSplitter } from './shards/split.ts';
export type {
  BindTable,
  CompiledMatch,
  CompiledRoute,
  HostTable,
  ListenerIdentity,
  ListenerTable,
  RouteTable,
} from './table.ts';
export {
  type MatchOutcome,
  type MatchTrace,
  type TracedCandidate,
  traceMatch,
} from './trace.ts';
export { findUnreachable, type UnreachableMatch } from './unreachable.ts';
