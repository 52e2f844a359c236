/** All trials, the quick ones first. */
import { apiOutage } from './api-outage.ts';
import { controllerKill } from './controller-kill.ts';
import { examples } from './examples.ts';
import { foreignStatus } from './foreign-status.ts';
import { keys } from './keys.ts';
import { rbac } from './rbac.ts';
import type { Trial } from './trial.ts';
import { twoReplicas } from './two-replicas.ts';

export const allTrials: readonly Trial[] = [
  examples,
  rbac,
  keys,
  foreignStatus,
  twoReplicas,
  controllerKill,
  apiOutage,
];
