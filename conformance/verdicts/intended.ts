/**
 * Where `sluice check` and an API server differ on purpose. What is not on this list is a defect of
 * one of them.
 */
import type { ObjectProblem } from '@sluice/spec';
import type { ServerVerdict } from './server-verdict.ts';

interface Intended {
  readonly why: string;
  /** Whether it explains that one side accepts and the other refuses. */
  readonly explains: (errors: readonly ObjectProblem[], server: ServerVerdict) => boolean;
}

const intended: readonly Intended[] = [
  {
    why: 'loopback and link-local endpoints: the core judges them, not the validator',
    explains: (errors, { causes }) =>
      errors.length === 0 && causes.length > 0 && causes.every(isIntended),
  },
  {
    why: 'a list of numbers where base64 is expected: a server reads it as octets, by accident',
    explains: (errors, { object }) =>
      object !== undefined &&
      errors.length > 0 &&
      errors.every(({ field, rule, message }) => {
        const isList = rule === 'type: string' && message.includes('is a list');
        return isList && /^(binaryData|data)\b/.test(field);
      }),
  },
  {
    why: 'ports of EndpointSlices that no address has: a server does not look at them',
    explains: (errors, { object }) =>
      object !== undefined &&
      errors.length > 0 &&
      errors.every(
        ({ field, rule }) => /^ports\[\d+\]\.port$/.test(field) && /^m(in|ax)imum/.test(rule),
      ),
  },
];

/** Whether a server alone refuses an object for it, on purpose. */
export function isIntended({ message }: ServerVerdict['causes'][number]): boolean {
  return /may not be (in the|unspecified)/.test(message);
}

/** The reason, if one of the list explains two verdicts that differ. */
export function explainVerdicts(
  errors: readonly ObjectProblem[],
  server: ServerVerdict,
): string | undefined {
  return intended.find(({ explains }) => explains(errors, server))?.why;
}
