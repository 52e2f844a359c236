/**
 * Renders what a case gives as `out.yaml`: configs, findings and statuses together, so that a
 * change of behaviour reads as a YAML diff. A condition stands on one line, and so do other short
 * collections.
 *
 * `supportedFeatures`, the same for every class, shows in the cases about GatewayClass only.
 */
import { Document, isMap, isScalar, visit } from 'yaml';
import type { StepResult } from './golden-run.ts';
import { nameSubject } from './golden-world.ts';

/** Longest collection, in characters of JSON, that stays on one line. */
const inlineLength = 76;

export function renderGoldenOutput(results: readonly StepResult[], feature: string): string {
  const steps = results.map(({ configs, findings, statuses, owned, deleted }) => ({
    configs,
    findings: findings.map(({ subject, ...finding }) => ({
      subject: nameSubject(subject),
      ...finding,
    })),
    statuses: Object.fromEntries(
      Object.entries(statuses)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, status]) => [key, feature === 'gatewayclass' ? status : hideFeatures(status)]),
    ),
    ...(Object.keys(owned).length === 0 ? {} : { owned }),
    ...(deleted.length === 0 ? {} : { deleted }),
  }));
  return print(steps.length === 1 ? steps[0] : { steps });
}

function hideFeatures(status: object): object {
  return Object.fromEntries(
    Object.entries(status).filter(([field]) => field !== 'supportedFeatures'),
  );
}

function print(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Collection(_, node) {
      const isCondition = isMap(node) && node.has('lastTransitionTime');
      if (isCondition || JSON.stringify(node.toJS(document)).length <= inlineLength) {
        node.flow = true;
      }
    },
    Pair(_, pair) {
      if (isScalar(pair.value) && pair.value.value === '') pair.value.type = 'QUOTE_SINGLE';
    },
  });
  return document.toString({ lineWidth: 0 });
}
