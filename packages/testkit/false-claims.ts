/**
 * Status against config: a listener that says Programmed=True is served, and one that is served
 * says so as soon as the data plane has caught up.
 */
import type { ProxyConfig } from '@sluice/model';
import { isRecord, mismatch } from './mismatch.ts';

/** Listeners whose status and config contradict each other, one line each. */
export function findFalseClaims(
  statuses: Readonly<Record<string, object>>,
  configs: Readonly<Record<string, ProxyConfig>>,
): string[] {
  const served = new Set(Object.values(configs).flatMap(servedListeners));
  return Object.entries(statuses).flatMap(([key, status]) =>
    'listeners' in status
      ? listOf(status.listeners).flatMap((listener) => {
          const name = `${key}.listeners[${String(listener['name'])}]`;
          const programmed = listOf(listener['conditions']).find(
            ({ type }) => type === 'Programmed',
          );
          if (programmed?.['reason'] === 'Pending') return [];
          const says = programmed?.['status'] === 'True';
          return says === served.has(name) ? [] : [mismatch(`${name} is served`, says, !says)];
        })
      : [],
  );
}

function servedListeners({ binds }: ProxyConfig): string[] {
  return binds.flatMap(({ listeners }) =>
    listeners.map(
      ({ owner, name }) => `${owner.kind} ${owner.namespace}/${owner.name}.listeners[${name}]`,
    ),
  );
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
