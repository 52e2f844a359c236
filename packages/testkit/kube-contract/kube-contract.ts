/**
 * What our client relies on in an API server, as a table: the fake one of these tests and a real
 * one are held to it alike, so that what is tested against the fake means something.
 */
import { applyExpectations } from './applies.ts';
import type { ApiExpectation } from './expectation.ts';
import { listExpectations } from './lists.ts';
import { statusExpectations } from './status.ts';
import { verbExpectations } from './verbs.ts';
import { watchExpectations } from './watches.ts';

export const kubeContract: readonly ApiExpectation[] = [
  ...verbExpectations,
  ...listExpectations,
  ...watchExpectations,
  ...applyExpectations,
  ...statusExpectations,
];
