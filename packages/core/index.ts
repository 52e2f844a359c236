/** Gateway API semantics: snapshot → configs, findings, effects. Pure. See README.md. */

export { explain } from './explain/explain.ts';
export type {
  Answer,
  BackendChoice,
  CandidateVerdict,
  ErrorAnswer,
  Explanation,
  FilterStep,
  LimitSource,
  ListenerChoice,
  Question,
  RouteChoice,
  Source,
} from './explain/explanation.ts';
export { renderAnswer, renderExplanation, renderOutcome } from './explain/render.ts';
export { compareFindings, type Finding, type FindingCondition } from './finding.ts';
export { buildGraph, type Graph } from './graph/graph.ts';
export { buildWorld, type World } from './graph/world.ts';
export { SPEC, type SpecMark } from './marks.ts';
export type { ListedResult, Outcome, ReconcileResult } from './outcome.ts';
export { ownedLabels, ownedName, partName } from './provision/owned-name.ts';
export { reconcile, reconcileInLists } from './reconcile.ts';
export { reconcileBackendTlsPolicies } from './reconcile-backend-tls-policy.ts';
export { type GatewayOutcome, reconcileGateway } from './reconcile-gateway.ts';
export { reconcileGatewayClass } from './reconcile-gateway-class.ts';
export { reconcileHttpRoute, reconcileOtherRoute } from './reconcile-route.ts';
export { supportedFeatures } from './served.ts';
export type {
  Ack,
  Capabilities,
  CertificateFacts,
  OwnableObject,
  Provisioning,
  SecretFacts,
  Settings,
  WorldSnapshot,
} from './snapshot.ts';
export {
  type AnyObject,
  buildSnapshot,
  buildSnapshotOfLists,
  type SnapshotInputs,
} from './snapshot-builder.ts';
