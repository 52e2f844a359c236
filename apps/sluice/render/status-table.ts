/**
 * Status for people: one row for each place that carries conditions (an object, a listener, a
 * parent of a route), and below the table why what is not as wanted is not.
 */
import type { Condition, KubernetesObject } from '@sluice/spec';
import type { Terminal } from '../terminal.ts';
import { labelOf } from '../world/manifests.ts';
import { renderTable } from './table.ts';

export interface StatusPart {
  /** `Kind namespace/name`. */
  readonly object: string;
  /** `listener http`, `parent web`, empty for the object itself. */
  readonly part: string;
  readonly conditions: readonly Condition[];
  readonly detail: string;
}

export function listStatusParts(objects: readonly KubernetesObject[]): StatusPart[] {
  return objects.flatMap((object) => {
    const status: StatusLike = 'status' in object ? ((object.status as StatusLike) ?? {}) : {};
    const label = labelOf(object);
    const own = status.conditions ?? [];
    const addresses = status.addresses?.map(({ value }) => value ?? '').join(' ') ?? '';
    return [
      ...(own.length > 0 ? [{ object: label, part: '', conditions: own, detail: addresses }] : []),
      ...(status.listeners ?? []).map((listener) => ({
        object: label,
        part: `listener ${listener.name}`,
        conditions: listener.conditions,
        detail: `${listener.attachedRoutes} routes`,
      })),
      ...(status.parents ?? []).map(({ parentRef, conditions }) => ({
        object: label,
        part: `parent ${parentName(parentRef)}`,
        conditions,
        detail: '',
      })),
    ];
  });
}

/** `wide`: every condition; otherwise those that are not as wanted. */
export function renderStatus(
  parts: readonly StatusPart[],
  wide: boolean,
  terminal: Terminal,
): string[] {
  const rows = parts.map(({ object, part, conditions, detail }, index) => [
    object === parts[index - 1]?.object ? '' : object,
    part,
    conditions
      .filter((condition) => !(isWanted(condition) && WANTED_FALSE.has(condition.type)))
      .map((condition) => renderCondition(condition, terminal))
      .join(' '),
    detail,
  ]);
  const reasons = parts.flatMap(({ object, part, conditions }) =>
    conditions
      .filter((condition) => wide || !isWanted(condition))
      .map(({ type, reason, message }) =>
        [[object, part].filter(Boolean).join(' '), `${type}: ${reason}: ${message}`].join(': '),
      ),
  );
  const table = renderTable(['OBJECT', 'PART', 'CONDITIONS', ''], rows);
  return reasons.length === 0 ? table : [...table, '', ...reasons];
}

function renderCondition(condition: Condition, terminal: Terminal): string {
  const { type, status, reason } = condition;
  if (isWanted(condition)) return terminal.paint('green', type);
  return terminal.paint('red', `${type}=${status}(${reason})`);
}

/** Conditions whose good value is False; all others are good when True. */
const WANTED_FALSE: ReadonlySet<string> = new Set([
  'Conflicted',
  'OverlappingTLSConfig',
  'PartiallyInvalid',
  'InsecureFrontendValidationMode',
]);

function isWanted({ type, status }: Condition): boolean {
  return status === (WANTED_FALSE.has(type) ? 'False' : 'True');
}

/** The parts of the kinds' status types that carry conditions. */
interface StatusLike {
  readonly conditions?: readonly Condition[];
  readonly addresses?: readonly { readonly value?: string }[];
  readonly listeners?: readonly {
    readonly name: string;
    readonly attachedRoutes: number;
    readonly conditions: readonly Condition[];
  }[];
  readonly parents?: readonly {
    readonly parentRef: ParentName;
    readonly conditions: readonly Condition[];
  }[];
}

interface ParentName {
  readonly namespace?: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
}

function parentName({ namespace, name, sectionName, port }: ParentName): string {
  return [
    namespace ? `${namespace}/${name}` : name,
    sectionName ? `#${sectionName}` : '',
    port ? `:${port}` : '',
  ].join('');
}
