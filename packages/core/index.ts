/** Gateway API semantics: snapshot → configs, findings, effects. Pure. See README.md. */
export { compareFindings, type Finding, type FindingCondition } from './finding.ts';
export { SPEC, type SpecMark } from './marks.ts';
export type { Outcome, ReconcileResult } from './outcome.ts';
export { reconcile } from './reconcile.ts';
export type {
  Ack,
  Capabilities,
  CertificateFacts,
  SecretFacts,
  Settings,
  WorldSnapshot,
} from './snapshot.ts';
export { type AnyObject, buildSnapshot, type SnapshotInputs } from './snapshot-builder.ts';
