/** One GET, where an object that is absent or may not be seen is an answer like any other. */
import { ApiError, type Client } from '@sluice/kube';

export type Look =
  | { readonly kind: 'found'; readonly object: unknown }
  | { readonly kind: 'absent' }
  | { readonly kind: 'forbidden'; readonly message: string };

/** Rejects with whatever else may happen. */
export async function lookAt(client: Client, path: string): Promise<Look> {
  try {
    return { kind: 'found', object: await client.request('GET', path) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 404) return { kind: 'absent' };
    if (error.code === 403) return { kind: 'forbidden', message: error.message };
    throw error;
  }
}

/** The value at the end of the path of fields; undefined where there is none. */
export function fieldIn(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (parent, name) =>
      typeof parent === 'object' && parent !== null && Object.hasOwn(parent, name)
        ? (parent as Readonly<Record<string, unknown>>)[name]
        : undefined,
    value,
  );
}

export function textIn(value: unknown, ...path: readonly string[]): string {
  const text = fieldIn(value, ...path);
  return typeof text === 'string' ? text : '';
}

export function listIn(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const list = fieldIn(value, ...path);
  return Array.isArray(list) ? list : [];
}
