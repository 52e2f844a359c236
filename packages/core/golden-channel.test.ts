/**
 * What is written fits what is installed: the statuses of every golden case, reconciled on either
 * channel, are statuses that the channel's own definitions take and lose nothing of. An API server
 * refuses a whole status for one field that it does not know.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { validateObject } from '@sluice/spec';
import { type GoldenCase, readGoldenCases, reconcileWorld, runGoldenCase } from '@sluice/testkit';

const cases = readGoldenCases(join(import.meta.dirname, 'golden'));

for (const channel of ['standard', 'experimental'] as const) {
  suite(`${channel} channel`, () => {
    for (const feature of new Set(cases.map((goldenCase) => goldenCase.feature))) {
      test(feature, () => {
        for (const goldenCase of cases.filter((candidate) => candidate.feature === feature)) {
          assert.deepEqual(findMisfits(goldenCase, channel), [], goldenCase.name);
        }
      });
    }
  });
}

function findMisfits(goldenCase: GoldenCase, channel: 'standard' | 'experimental'): string[] {
  return runGoldenCase(goldenCase).flatMap(({ objects }) => {
    const { statuses } = reconcileWorld({ ...goldenCase.world, channel }, [...objects.values()]);
    return Object.entries(statuses).flatMap(([key, status]) => {
      const { object, problems } = validateObject(
        { ...objects.get(key), status },
        { channel, status: 'keep' },
      );
      const errors = problems.filter(({ field }) => field.startsWith('status'));
      // A spec of the other channel: there is no such object here.
      if (errors.length === 0 && object === undefined) return [];
      if (errors.length > 0)
        return errors.map(({ field, message }) => `${key} ${field}: ${message}`);
      const kept = (object as { readonly status?: object } | undefined)?.status;
      return sameJson(kept, status) ? [] : [`${key}: ${JSON.stringify(status)} loses something`];
    });
  });
}

/** Defaults are no loss: all that was written is there. */
function sameJson(kept: unknown, written: unknown): boolean {
  if (Array.isArray(written)) {
    return Array.isArray(kept) && written.every((item, index) => sameJson(kept[index], item));
  }
  if (typeof written !== 'object' || written === null) return kept === written;
  return Object.entries(written).every(([key, value]) =>
    sameJson((kept as Record<string, unknown> | undefined)?.[key], value),
  );
}
