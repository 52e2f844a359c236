/**
 * How arbitrary objects are put together: few names, so that everything refers to everything,
 * rightly and wrongly; usual values mostly, so that something works at all.
 */
import fc from 'fast-check';

export const GROUP = 'gateway.networking.k8s.io';
export const NAMESPACES = ['a', 'b'] as const;
export const namespace = fc.constantFrom(...NAMESPACES);
export const hostname = fc.constantFrom(
  'x.example.com',
  '*.example.com',
  'y.x.example.com',
  'other.net',
);

/** The first value four times out of five. */
export const mostly = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

/** Nothing four times out of five. */
export const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/**
 * Members beside the required ones are seldom there; those that are not are left out rather than
 * undefined, as in JSON.
 */
export const record = <T>(members: Members<T>, requiredKeys: (keyof T)[] = []) => {
  const optional = Object.entries<fc.Arbitrary<unknown>>(members).map(([key, arbitrary]) => [
    key,
    requiredKeys.includes(key as keyof T) ? arbitrary : rarely(arbitrary),
  ]);
  const all = fc.record(Object.fromEntries(optional) as Members<T>, { noNullPrototype: true });
  return all.map((value) => {
    const present = Object.entries(value as object).filter(([, member]) => member !== undefined);
    return Object.fromEntries(present) as T;
  });
};

export const whole = <T>(members: Members<T>) => fc.record(members, { noNullPrototype: true });

export type Members<T> = { [K in keyof T]: fc.Arbitrary<T[K]> };

export const meta = (names: readonly string[]) =>
  whole({
    namespace,
    name: fc.constantFrom(...names),
    generation: fc.nat(3),
    creationTimestamp: fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
  });

export const object = (
  kind: string,
  apiVersion: string,
  names: readonly string[],
  spec: fc.Arbitrary<unknown>,
) =>
  whole({
    kind: fc.constant(kind),
    apiVersion: fc.constant(apiVersion),
    metadata: meta(names),
    spec,
  });
