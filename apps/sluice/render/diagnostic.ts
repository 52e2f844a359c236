/**
 * Diagnostics: what the validator found in a file and what the core found in the world, in one
 * form. They render the same everywhere and sort by place, so that an editor can follow them.
 */
import type { Finding } from '@sluice/core';
import type { ParsedObject, Problem } from '@sluice/spec';
import type { Terminal } from '../terminal.ts';
import { keyOf } from '../world/manifests.ts';

export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'info';
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** `Kind namespace/name`; absent where a document can't be read. */
  readonly object?: string;
  readonly field?: string;
  /** A finding's reason, or the rule of the schema that is broken. */
  readonly reason: string;
  readonly message: string;
  readonly hint?: string;
  /** Section of the Gateway API or GEP. */
  readonly spec?: string;
}

/** All diagnostics in the order of file, line, column; those without a place come last. */
export function buildDiagnostics(
  problems: readonly Problem[],
  findings: readonly Finding[],
  objects: readonly ParsedObject[],
): Diagnostic[] {
  const places = new Map(objects.map((parsed) => [keyOf(identity(parsed)), parsed]));
  return [
    ...problems.map(fromProblem),
    ...findings.map((finding) => fromFinding(finding, places.get(keyOf(finding.subject)))),
  ].sort(byPlace);
}

/** One diagnostic: place, object and field, what is wrong, what to do. */
export function renderDiagnostic(diagnostic: Diagnostic, terminal: Terminal): string {
  const { file, line, column, severity, object, field, reason, message, hint } = diagnostic;
  const place =
    file === undefined ? '' : `${terminal.paint('bold', `${file}:${line}:${column}`)}: `;
  const subject = [object, field].filter(Boolean).join(' ');
  const label = `${paintSeverity(severity, terminal)} ${shorten(reason)}`;
  const head = `${place}${label}${subject ? `: ${subject}` : ''}`;
  return [head, `    ${message}`, ...(hint ? [`    ${hint}`] : [])].join('\n');
}

/** `2 errors, 1 warning`; undefined when there is nothing to count. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string | undefined {
  const counts = (['error', 'warning', 'info'] as const)
    .map((severity) => ({
      severity,
      count: diagnostics.filter((diagnostic) => diagnostic.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${count === 1 ? severity : PLURAL[severity]}`);
  return counts.length === 0 ? undefined : counts.join(', ');
}

const REASON_LENGTH_MAX = 40;

const PLURAL = { error: 'errors', warning: 'warnings', info: 'notes' } as const;

function identity({ object }: ParsedObject) {
  return { ...object.metadata, kind: object.kind };
}

function fromProblem(problem: Problem): Diagnostic {
  const { severity, file, line, column, object, field, rule, message, hint } = problem;
  return {
    severity,
    file,
    line,
    column,
    ...(object ? { object: nameOf(object) } : {}),
    ...(field ? { field } : {}),
    reason: rule,
    message,
    hint,
  };
}

function fromFinding(finding: Finding, parsed: ParsedObject | undefined): Diagnostic {
  const { severity, subject, field, reason, message, spec } = finding;
  const place = parsed?.locate(field ?? '');
  return {
    severity,
    ...(parsed && place ? { file: parsed.file, line: place.line, column: place.column } : {}),
    object: nameOf(subject),
    ...(field ? { field } : {}),
    reason,
    message,
    spec,
  };
}

function nameOf({ kind, namespace, name }: { kind: string; namespace?: string; name: string }) {
  return namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}

/** The text of a CEL rule is for machines; people read its message. */
function shorten(reason: string): string {
  return reason.length > REASON_LENGTH_MAX ? 'validation rule' : reason;
}

function paintSeverity(severity: Diagnostic['severity'], terminal: Terminal): string {
  const style = severity === 'error' ? 'red' : severity === 'warning' ? 'yellow' : 'cyan';
  return terminal.paint(style, severity);
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) {
    if (a.file === undefined) return 1;
    if (b.file === undefined) return -1;
    return a.file < b.file ? -1 : 1;
  }
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
