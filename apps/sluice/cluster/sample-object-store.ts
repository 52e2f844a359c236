/** An API server's store for the tests of this folder: versions, conflicts, a record of writes. */
import type { KubeObject, Resource } from '@sluice/kube';
import type { ObjectStore } from './kube-port.ts';

export interface SampleStore extends ObjectStore {
  /** `verb Kind name`, in order. */
  readonly writes: string[];
  readonly objects: Map<string, KubeObject>;
  /** Makes the next write of that verb and kind fail. */
  failNext(write: string, code: number): void;
  /** Calls after each write, with `Kind name`. */
  onWrite: (key: string) => void;
}

export function createSampleStore(): SampleStore {
  const objects = new Map<string, KubeObject>();
  const writes: string[] = [];
  const failures = new Map<string, number>();
  let revision = 0;
  const put = (verb: string, { kind }: Resource, sent: object): KubeObject => {
    const object = structuredClone(sent) as KubeObject;
    const failure = failures.get(`${verb} ${kind}`);
    failures.delete(`${verb} ${kind}`);
    if (failure !== undefined) throw new SampleApiError(failure);
    writes.push(`${verb} ${kind} ${object.metadata.name}`);
    const resourceVersion = String(++revision);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion } };
    objects.set(`${kind} ${object.metadata.name}`, stored);
    store.onWrite(`${kind} ${object.metadata.name}`);
    return stored;
  };
  const find = ({ kind }: Resource, name: string): KubeObject | undefined =>
    objects.get(`${kind} ${name}`);
  const store: SampleStore = {
    writes,
    objects,
    onWrite: () => {},
    failNext: (write, code) => failures.set(write, code),
    async get(resource, { name }) {
      const found = find(resource, name);
      if (found === undefined) throw new SampleApiError(404);
      return found;
    },
    async create(resource, object) {
      if (find(resource, nameOf(object))) throw new SampleApiError(409);
      return put('create', resource, object);
    },
    async apply(resource, object) {
      return put('apply', resource, object);
    },
    async replace(resource, object) {
      const found = find(resource, nameOf(object));
      if (found === undefined) throw new SampleApiError(404);
      const sent = object.metadata.resourceVersion;
      if (sent !== found.metadata.resourceVersion) throw new SampleApiError(409);
      return put('replace', resource, object);
    },
    async delete({ kind }, { name }) {
      writes.push(`delete ${kind} ${name}`);
      objects.delete(`${kind} ${name}`);
    },
  };
  return store;
}

class SampleApiError extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`the server answered ${code}`);
    this.code = code;
  }
}

function nameOf(object: object): string {
  return (object as KubeObject).metadata.name;
}
