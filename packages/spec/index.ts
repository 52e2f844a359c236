/**
 * What a user may write: types, and reading manifests as an API server does.
 *
 * Invariant: knows no routing semantics, no files, no network. An object that passes here may
 * still be refused by the core; one that fails here would be refused by an API server.
 */
export type * from './core-types.ts';
export { formatFieldPath, parseFieldPath } from './field-path.ts';
export { isLabelValue, isQualifiedName } from './format.ts';
export type * from './generated/types.ts';
export { listKinds } from './kinds.ts';
export type { KubernetesObject } from './kubernetes-object.ts';
export {
  joinManifests,
  type Manifest,
  type ParsedObject,
  parseManifests,
  type RejectedObject,
} from './manifest.ts';
export type * from './metadata.ts';
export type { ObjectName, ObjectProblem, Problem } from './problem.ts';
export { type Channel, gatewayApiModule, type Schema } from './schema.ts';
export { type Validation, type ValidationOptions, validateObject } from './validation.ts';
export type { Position } from './yaml-document.ts';
