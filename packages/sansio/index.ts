/**
 * A controller's skeleton: effects as data, an executor with a fixed order, a work queue, and the
 * one loop. See README.md for a whole controller in sixty lines.
 */
export type * from './clock.ts';
export * from './controller.ts';
export type * from './effect.ts';
export * from './effect-id.ts';
export * from './executor.ts';
export type * from './handlers.ts';
export type * from './outcome.ts';
export * from './sample-clock.ts';
export * from './wake.ts';
export * from './work-queue.ts';
