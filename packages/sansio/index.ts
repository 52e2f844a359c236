export type * from './effect.ts';
