/**
 * An API server for tests of clients: one in-memory collection per path, resource versions, paged
 * LIST, WATCH with bookmarks, create, apply, PUT with conflicts, delete, and faults on request.
 *
 * It does not do: schemas, field ownership (an apply replaces top-level fields), selectors.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Stored {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion: string;
  };
  readonly [field: string]: unknown;
}

interface Change {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Stored;
}

/** What to do with the next request instead of answering it. */
export interface Refusal {
  readonly on: 'list' | 'watch';
  readonly code: number;
  readonly retryAfterSeconds?: number;
}

export interface FakeApiServer {
  readonly url: string;
  readonly lists: () => number;
  readonly watches: () => number;
  readonly listed: () => readonly Stored[];
  /** Creates or changes an object, as another client would. */
  put(name: string, spec: unknown): void;
  remove(name: string): void;
  refuse(refusal: Refusal): void;
  /** Only this bearer token is taken from now on. */
  expectToken(token: string): void;
  /** Writes to all open watches whatever it is, a line or a part of one. */
  writeRaw(octets: string): void;
  /** Repeats the last change to all open watches. */
  repeat(): void;
  bookmark(): void;
  /** Watches from versions before this moment get a 410. */
  compact(): void;
  /** Closes open watches in order, or resets their connections. */
  endWatches(how: 'end' | 'reset'): void;
  close(): Promise<void>;
}

const namespace = 'default';

class Collection {
  readonly objects = new Map<string, Stored>();
  readonly changes: Change[] = [];
  readonly watchers = new Set<ServerResponse>();
  version = 1;
  oldest = 1;

  change(type: Change['type'], object: Record<string, unknown>, name: string): Stored {
    this.version += 1;
    const metadata = {
      ...(object['metadata'] as object),
      name,
      namespace,
      uid: name,
      resourceVersion: String(this.version),
      managedFields: [{ manager: 'test' }],
    };
    const stored: Stored = { apiVersion: 'v1', kind: 'ConfigMap', ...object, metadata };
    if (type === 'DELETED') this.objects.delete(name);
    else this.objects.set(name, stored);
    const change = { version: this.version, type, object: stored };
    this.changes.push(change);
    for (const watcher of this.watchers) writeChange(watcher, change);
    return stored;
  }
}

function writeChange(watcher: ServerResponse, { type, object }: Change): void {
  watcher.write(`${JSON.stringify({ type, object })}\n`);
}

export async function startFakeApiServer(): Promise<FakeApiServer> {
  const collection = new Collection();
  const refusals: Refusal[] = [];
  const seen = { lists: 0, watches: 0 };
  let token: string | undefined;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const kind = kindOf(request, url);
    if (kind === 'list') seen.lists += 1;
    if (kind === 'watch') seen.watches += 1;
    const refusal = refusals.findIndex(({ on }) => on === kind);
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      fail(response, 401, 'Unauthorized');
    } else if (refusal !== -1) {
      const [found] = refusals.splice(refusal, 1);
      const after = found?.retryAfterSeconds;
      if (after !== undefined) response.setHeader('retry-after', after);
      fail(response, found?.code ?? 500, 'Injected');
    } else if (kind === 'list') answerList(collection, url, response);
    else if (kind === 'watch') answerWatch(collection, url, response);
    else void answerObject(collection, { request, url, response });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { watchers } = collection;
  const writeAll = (octets: string) => {
    for (const watcher of watchers) watcher.write(octets);
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lists: () => seen.lists,
    watches: () => seen.watches,
    listed: () => [...collection.objects.values()],
    put: (name, spec) => {
      const type = collection.objects.has(name) ? 'MODIFIED' : 'ADDED';
      collection.change(type, { spec }, name);
    },
    remove: (name) => {
      const object = collection.objects.get(name);
      if (object !== undefined) collection.change('DELETED', object, name);
    },
    refuse: (refusal) => void refusals.push(refusal),
    expectToken: (expected) => {
      token = expected;
    },
    writeRaw: writeAll,
    repeat: () => {
      const last = collection.changes.at(-1);
      if (last !== undefined) for (const watcher of watchers) writeChange(watcher, last);
    },
    bookmark: () => {
      const metadata = { resourceVersion: String(collection.version) };
      writeAll(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`);
    },
    compact: () => {
      collection.version += 1;
      collection.oldest = collection.version;
    },
    endWatches: (how) => {
      for (const watcher of watchers) {
        watchers.delete(watcher);
        if (how === 'end') watcher.end();
        else watcher.socket?.resetAndDestroy();
      }
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function kindOf({ method }: IncomingMessage, { pathname, searchParams }: URL) {
  if (method !== 'GET' || !pathname.endsWith('s')) return 'object';
  return searchParams.get('watch') === 'true' ? 'watch' : 'list';
}

function answerList({ objects, version }: Collection, url: URL, response: ServerResponse): void {
  const limit = Number(url.searchParams.get('limit') ?? objects.size);
  const start = Number(url.searchParams.get('continue') ?? 0);
  const more = start + limit < objects.size;
  reply(response, 200, {
    metadata: {
      resourceVersion: String(version),
      ...(more ? { continue: String(start + limit) } : {}),
    },
    items: [...objects.values()].slice(start, start + limit),
  });
}

function answerWatch(collection: Collection, url: URL, response: ServerResponse): void {
  const from = Number(url.searchParams.get('resourceVersion'));
  if (from < collection.oldest) {
    fail(response, 410, 'Expired');
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
  for (const change of collection.changes) {
    if (change.version > from) writeChange(response, change);
  }
  collection.watchers.add(response);
  response.on('close', () => collection.watchers.delete(response));
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly response: ServerResponse;
}

async function answerObject(collection: Collection, exchange: Exchange): Promise<void> {
  const { request, url, response } = exchange;
  const body = await text(request);
  const sent = body === '' ? {} : (JSON.parse(body) as Partial<Stored>);
  const name = sent.metadata?.name ?? url.pathname.split('/').at(-1) ?? '';
  const known = collection.objects.get(name);
  const expected = sent.metadata?.resourceVersion;
  const { method = 'GET' } = request;
  if (known === undefined && method !== 'POST' && method !== 'PATCH') {
    fail(response, 404, 'NotFound');
  } else if (known !== undefined && method === 'POST') fail(response, 409, 'AlreadyExists');
  else if (
    method === 'PUT' &&
    expected !== undefined &&
    expected !== known?.metadata.resourceVersion
  ) {
    fail(response, 409, 'Conflict');
  } else if (method === 'GET') reply(response, 200, known);
  else {
    const type = method === 'DELETE' ? 'DELETED' : known === undefined ? 'ADDED' : 'MODIFIED';
    reply(response, 200, collection.change(type, { ...known, ...sent }, name));
  }
}

function fail(response: ServerResponse, code: number, reason: string): void {
  reply(response, code, { kind: 'Status', code, reason, message: `injected: ${reason}` });
}

function reply(response: ServerResponse, code: number, value: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
