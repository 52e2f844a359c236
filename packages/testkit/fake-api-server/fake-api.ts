/**
 * An API server without its sockets: requests in, answers and streams out, and faults on request.
 * It keeps no time of its own: watches end when their `timeoutSeconds` are over by the given clock.
 */
import type { Clock } from '@sluice/sansio';
import { ApiRefusal } from './api-refusal.ts';
import { type BodySink, FakeWatch } from './fake-watch.ts';
import { parseTarget, type Target } from './kinds.ts';
import { ObjectTable, type WriteRequest } from './object-table.ts';
import { readPage } from './page.ts';
import { parseSelector } from './selectors.ts';
import { type Fields, fieldsOf, type StoredObject } from './stored-object.ts';

export interface FakeRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly authorization?: string | undefined;
  readonly contentType?: string | undefined;
  readonly body: string;
}

export interface FakeAnswer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Writes the body; returns what to do when nobody reads it any more. */
  readonly send: (sink: BodySink) => () => void;
}

/** What to do with the next request instead of answering it. */
export interface Refusal {
  readonly on: 'list' | 'watch';
  readonly code: number;
  readonly retryAfterSeconds?: number;
}

type Question = 'list' | 'watch' | 'other';

export class FakeApi {
  readonly table: ObjectTable;
  readonly seen: Record<Question, number> = { list: 0, watch: 0, other: 0 };
  readonly refusals: Refusal[] = [];
  readonly watches = new Set<FakeWatch>();
  /** The only one that is taken. */
  token: string | undefined;
  readonly #clock: Clock;
  #stalled: (() => void)[] | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.table = new ObjectTable((change) => {
      for (const watch of this.watches) this.#whenAwake(() => watch.tell(change));
    });
  }

  /** As a stopped process: connections stay, and nothing is answered before `wake`. */
  stall(): void {
    this.#stalled ??= [];
  }

  wake(): void {
    const waiting = this.#stalled ?? [];
    this.#stalled = undefined;
    for (const act of waiting) act();
  }

  async answer(request: FakeRequest): Promise<FakeAnswer> {
    await new Promise<void>((resolve) => this.#whenAwake(resolve));
    try {
      return this.#answer(request);
    } catch (error) {
      if (error instanceof ApiRefusal) return refuse(error);
      throw error;
    }
  }

  #whenAwake(act: () => void): void {
    if (this.#stalled === undefined) act();
    else this.#stalled.push(act);
  }

  #answer(request: FakeRequest): FakeAnswer {
    const url = new URL(request.url, 'http://fake');
    const target = parseTarget(url.pathname);
    const question = questionOf(request, target, url);
    this.seen[question] += 1;
    if (this.token !== undefined && request.authorization !== `Bearer ${this.token}`) {
      throw new ApiRefusal(401, 'Unauthorized', 'Unauthorized');
    }
    const index = this.refusals.findIndex(({ on }) => on === question);
    const [refusal] = index === -1 ? [] : this.refusals.splice(index, 1);
    if (refusal !== undefined) {
      return refuse(
        new ApiRefusal(refusal.code, 'Injected', 'injected'),
        refusal.retryAfterSeconds,
      );
    }
    if (url.pathname === '/version') return whole(200, { major: '1', minor: '36' });
    if (target === undefined) {
      throw new ApiRefusal(404, 'NotFound', 'the server could not find the requested resource');
    }
    if (question === 'list') return whole(200, readPage(this.table, target, url.searchParams));
    if (question === 'watch') return this.#openWatch(target, url.searchParams);
    return this.#answerObject(target, request, url.searchParams);
  }

  #answerObject(target: Target, request: FakeRequest, query: URLSearchParams): FakeAnswer {
    const body = fieldsOf(request.body === '' ? {} : JSON.parse(request.body));
    const name = target.name ?? String(fieldsOf(body['metadata'])['name']);
    const named = { ...target, name };
    switch (request.method) {
      case 'GET':
        return whole(200, this.table.get(named));
      case 'DELETE':
        return whole(200, this.table.delete(named, fieldsOf(body['preconditions'])));
      case 'POST':
        return whole(201, this.#write(named, body, writeRequest('create', query)));
      case 'PUT':
        return whole(200, this.#write(named, body, writeRequest('replace', query)));
      case 'PATCH':
        if (request.contentType === 'application/apply-patch+yaml') {
          return whole(200, this.#write(named, body, writeRequest('apply', query)));
        }
        throw new ApiRefusal(415, 'UnsupportedMediaType', 'this server knows applies alone');
      default:
        throw new ApiRefusal(405, 'MethodNotAllowed', `${request.method} is not allowed`);
    }
  }

  #write(target: Target & { name: string }, body: Fields, request: WriteRequest): StoredObject {
    return this.table.write(target, body, request);
  }

  #openWatch({ kind, namespace }: Target, query: URLSearchParams): FakeAnswer {
    const version = query.get('resourceVersion');
    if (version !== null && Number(version) < this.table.oldest) {
      throw new ApiRefusal(410, 'Expired', `too old resource version: ${version}`);
    }
    return {
      code: 200,
      headers: { 'content-type': 'application/json' },
      send: (sink) => {
        const watch = new FakeWatch({ kind, namespace, selector: parseSelector(query) }, sink);
        if (version === null) watch.begin(this.table.list(kind, namespace));
        else {
          for (const change of this.table.changes) {
            if (change.version > Number(version)) watch.tell(change);
          }
        }
        this.watches.add(watch);
        return this.#limit(watch, Number(query.get('timeoutSeconds') ?? 1800));
      },
    };
  }

  /** Says where it stands before it ends, so that nobody has to list again after a quiet time. */
  #limit(watch: FakeWatch, seconds: number): () => void {
    const over = (): void => {
      this.#whenAwake(() => {
        if (!this.watches.delete(watch)) return;
        watch.bookmark(this.table.version);
        watch.stop('end');
      });
    };
    const cancel = this.#clock.setTimer(this.#clock.now() + seconds * 1000, over);
    return () => {
      cancel();
      this.watches.delete(watch);
    };
  }
}

function questionOf({ method }: FakeRequest, target: Target | undefined, url: URL): Question {
  if (method !== 'GET' || target === undefined || target.name !== undefined) return 'other';
  return url.searchParams.get('watch') === 'true' ? 'watch' : 'list';
}

function writeRequest(verb: WriteRequest['verb'], query: URLSearchParams): WriteRequest {
  return {
    verb,
    manager: query.get('fieldManager') ?? 'unknown',
    force: query.get('force') === 'true',
    dryRun: query.get('dryRun') === 'All',
  };
}

function refuse({ code, reason, message }: ApiRefusal, retryAfterSeconds?: number): FakeAnswer {
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
  const after = retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` };
  return whole(code, status, after);
}

function whole(code: number, value: unknown, headers: Fields = {}): FakeAnswer {
  return {
    code,
    headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
    send: (sink) => {
      sink.write(JSON.stringify(value));
      sink.end();
      return () => undefined;
    },
  };
}
