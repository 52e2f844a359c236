/** A listener as it is declared, and what its Gateway adds to it. */
import type { ObjectRef } from '@sluice/sansio';
import type { AnyListener } from '../objects.ts';
import type { ClientValidation } from './client-validation.ts';

export interface ListenerSource {
  readonly owner: ObjectRef;
  readonly spec: AnyListener;
  /** Path of the listener in its owner: `spec.listeners[0]`. */
  readonly field: string;
  readonly clientValidation: ClientValidation;
}
