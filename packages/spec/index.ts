/** What a user may write: types, and reading manifests as an API server does. */
export type * from './core-types.ts';
export type * from './generated/types.ts';
export type * from './metadata.ts';
