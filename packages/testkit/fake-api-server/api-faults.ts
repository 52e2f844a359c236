/** What tests do to a fake API server: write as another client would, and hurt it. */
import type { FakeApi, Refusal } from './fake-api.ts';
import { fakeKinds } from './kinds.ts';
import type { StoredObject } from './stored-object.ts';

export interface ApiFaults {
  /** Requests so far; each page counts. */
  lists(): number;
  watches(): number;
  /** Requests that are neither. */
  others(): number;
  /** Watches that are open. */
  open(): number;
  /** All ConfigMaps. */
  stored(): readonly StoredObject[];
  /** Creates or changes a ConfigMap of the namespace `default`. */
  put(name: string, value: string): void;
  remove(name: string): void;
  refuse(refusal: Refusal): void;
  /** Takes back refusals that nobody has got yet. */
  relent(): void;
  /** Only this bearer token is taken from now on. */
  expectToken(token: string): void;
  /** Writes to all open watches whatever it is, a line or a part of one. */
  writeRaw(octets: string): void;
  /** Repeats the last event of each open watch. */
  repeat(): void;
  /** Tells open watches again of one of the last changes, as if it had just happened. */
  tellLate(back: number): void;
  bookmark(): void;
  /** Forgets the past: watches and pages from before this moment get a 410. */
  compact(): void;
  /** Closes open watches in order, or resets their connections. */
  endWatches(how: 'end' | 'reset'): void;
  /** Open watches get nothing more, while new requests are answered. */
  muteWatches(): void;
  /** As a stopped process: nothing is answered any more, but connections are taken. */
  stall(): void;
  wake(): void;
}

const namespace = 'default';

export function faultsOf(api: FakeApi): ApiFaults {
  const [kind] = fakeKinds;
  if (kind === undefined) throw new Error('there is no kind');
  const { table, watches, seen } = api;
  const target = (name: string) => ({ kind, namespace, name });
  const each = (act: (watch: Parameters<typeof watches.add>[0]) => void) => {
    for (const watch of watches) act(watch);
  };
  return {
    lists: () => seen.list,
    watches: () => seen.watch,
    others: () => seen.other,
    open: () => watches.size,
    stored: () => table.list(kind, undefined),
    put: (name, value) => {
      const isThere = table.has(target(name));
      const request = { manager: 'test', force: false, dryRun: false };
      table.write(
        target(name),
        { data: { value } },
        { ...request, verb: isThere ? 'replace' : 'create' },
      );
    },
    remove: (name) => {
      if (table.has(target(name))) table.delete(target(name), {});
    },
    refuse: (refusal) => void api.refusals.push(refusal),
    relent: () => {
      api.refusals.length = 0;
    },
    expectToken: (token) => {
      api.token = token;
    },
    writeRaw: (octets) => each((watch) => watch.writeRaw(octets)),
    repeat: () => each((watch) => watch.repeat()),
    tellLate: (back) => {
      const change = table.changes.at(-back);
      if (change !== undefined) each((watch) => watch.tell(change));
    },
    bookmark: () => each((watch) => watch.bookmark(table.version)),
    compact: () => table.compact(),
    endWatches: (how) => {
      each((watch) => {
        watches.delete(watch);
        watch.stop(how);
      });
    },
    muteWatches: () => each((watch) => watch.mute()),
    stall: () => api.stall(),
    wake: () => api.wake(),
  };
}
