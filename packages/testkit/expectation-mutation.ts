/**
 * Changes an expectation value by value: what still holds after that asserts nothing.
 */
import type { Expectation } from './golden-case.ts';
import { isRecord } from './mismatch.ts';
import type { RequestCase } from './request-case.ts';
import type { StatusCase } from './status-case.ts';

export interface Mutation {
  /** Path of the changed value. */
  readonly path: string;
  readonly expectation: Expectation;
}

/** Names of what must be absent: another name is just as absent. */
const unfalsifiable = new Set(['absent', 'absentConditions']);

/**
 * One mutation for each number, text and flag that the expectation names; each holds only the
 * status, request or list of findings that was changed.
 */
export function mutateExpectation(expectation: Expectation): Mutation[] {
  const { statuses = {}, requests = [], owned = {}, deleted, findings } = expectation;
  return [
    ...Object.entries(statuses).flatMap(([key, status]) =>
      changes(status, key).map(({ path, value }) => ({
        path,
        expectation: { statuses: { [key]: value as StatusCase } },
      })),
    ),
    ...requests.flatMap((request) =>
      changes(request.expect, request.request).map(({ path, value }) => ({
        path,
        expectation: { requests: [{ ...request, expect: value as RequestCase['expect'] }] },
      })),
    ),
    ...Object.entries(owned).flatMap(([key, object]) =>
      changes(object, key).map(({ path, value }) => ({
        path,
        expectation: { owned: { [key]: value as object } },
      })),
    ),
    ...changes(deleted, 'deleted').map(({ path, value }) => ({
      path,
      expectation: { deleted: value as string[] },
    })),
    ...changes(findings, 'findings').map(({ path, value }) => ({
      path,
      expectation: { findings: value as object[] },
    })),
  ];
}

interface Change {
  readonly path: string;
  readonly value: unknown;
}

function changes(value: unknown, path: string): Change[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      changes(item, `${path}[${index}]`).map((change) => ({
        path: change.path,
        value: value.with(index, change.value),
      })),
    );
  }
  if (isRecord(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      unfalsifiable.has(key)
        ? []
        : changes(item, `${path}.${key}`).map((change) => ({
            path: change.path,
            value: { ...value, [key]: change.value },
          })),
    );
  }
  const other = changeScalar(value);
  return other === undefined ? [] : [{ path, value: other }];
}

function changeScalar(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? `${value}-changed` : undefined;
}
