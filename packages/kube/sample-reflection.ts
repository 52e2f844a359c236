/** A reflector on a fake API server in one process, with a sink to look at and time by hand. */
import type { Clock, ManualClock } from '@sluice/sansio';
import { clientOver } from './client.ts';
import type { KubeObject, Resource } from './object.ts';
import { startReflector } from './reflector.ts';
import type { Transport } from './transport.ts';

export const configMaps: Resource = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
};

interface Named {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
}

/** An API server as these tests need it. */
interface Api {
  readonly transport: Transport;
  put(name: string, value: string): void;
  stored(): readonly Named[];
}

export interface Reflection<A extends Api> {
  readonly api: A;
  readonly clock: ManualClock;
  readonly client: ReturnType<typeof clientOver>;
  readonly problems: readonly string[];
  /** `name@version` of all that the sink holds, sorted; the same of the server. */
  held(): readonly string[];
  stored(): readonly string[];
  stop(): Promise<void>;
}

/**
 * For a clock turned by hand: what a timer sets off here is deep, so it is the event loop that is
 * waited for and not a number of promises.
 */
export function settleInEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface ReflectionOptions<A extends Api> {
  readonly clock: ManualClock;
  readonly createApi: (clock: Clock) => A;
  readonly objects: number;
  readonly random: () => number;
}

export function startReflection<A extends Api>({
  clock,
  createApi,
  objects,
  random,
}: ReflectionOptions<A>): Reflection<A> {
  const api = createApi(clock);
  for (let index = 0; index < objects; index += 1) api.put(`o${index}`, `${index}`);
  const client = clientOver(api.transport, { clock });
  const held = new Map<string, KubeObject>();
  const problems: string[] = [];
  const reflector = startReflector({
    client,
    resource: configMaps,
    clock,
    random,
    onProblem: ({ message }) => problems.push(message),
    sink: {
      replace: (listed) => {
        held.clear();
        for (const object of listed) held.set(object.metadata.name, object);
      },
      upsert: (object) => void held.set(object.metadata.name, object),
      remove: ({ metadata }) => void held.delete(metadata.name),
    },
  });
  return {
    api,
    clock,
    client,
    problems,
    held: () => nameAll(held.values()),
    stored: () => nameAll(api.stored()),
    async stop() {
      const stopped = reflector.stop();
      await clock.advance(0);
      await stopped;
    },
  };
}

function nameAll(objects: Iterable<Named>): readonly string[] {
  return [...objects].map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).sort();
}
