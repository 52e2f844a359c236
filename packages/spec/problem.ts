/**
 * Problem: what is wrong in a manifest, where, and what to do about it.
 */

/** Something wrong in an object, wherever the object came from. */
export interface ObjectProblem {
  /** An error rejects the object; a warning says what was ignored. */
  readonly severity: 'error' | 'warning';
  /** Path as in the YAML: `spec.rules[0].matches[1].path.value`; empty: the whole object. */
  readonly field: string;
  /** Which rule: `required`, `maxLength: 253`, the CEL text, `yaml`, … */
  readonly rule: string;
  /** What is wrong. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

/** The same, located in a file. */
export interface Problem extends ObjectProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** As far as it could be read. */
  readonly object?: ObjectName;
}

export interface ObjectName {
  readonly kind: string;
  /** Absent for kinds without a namespace. */
  readonly namespace?: string;
  readonly name: string;
}
