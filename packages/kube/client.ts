/**
 * The REST client: one method per verb. Whatever is not 2xx is an `ApiError` that names the
 * request. Reads and server-side applies are repeated a few times if the server asks for a pause
 * (429, 503); other writes are not, as they may have been carried out.
 */
import type { Clock } from '@sluice/sansio';
import { ApiError } from './api-error.ts';
import { pause, startDeadline } from './deadline.ts';
import {
  collectionPath,
  type KubeObject,
  type ObjectList,
  type ObjectName,
  objectPath,
  type Resource,
} from './object.ts';
import { steadyClock } from './steady-clock.ts';
import { type Answer, parseJson, readRetryAfter, readText, type Transport } from './transport.ts';
import {
  createProbe,
  startWatch,
  type Watch,
  type WatchEvent,
  type WatchOptions,
} from './watch.ts';

export interface ClientOptions {
  /** For a whole request, and for the head of a watch; 10 seconds unless given. */
  readonly timeoutMs?: number;
  /** An answer beyond it fails; 64 MiB unless given. */
  readonly maxBodyBytes?: number;
  /** Gets the API server's `Warning` texts. */
  readonly onWarning?: (warning: string) => void;
  readonly clock?: Clock;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
}

export interface WriteOptions {
  readonly subresource?: 'status';
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  /** Applies take fields over from other managers unless this is false. */
  readonly force?: boolean;
  readonly fieldValidation?: 'Strict' | 'Warn';
}

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
}

export interface Client {
  get(resource: Resource, name: ObjectName): Promise<KubeObject>;
  list(resource: Resource, options?: ListOptions): Promise<ObjectList>;
  create(resource: Resource, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Server-side apply. */
  apply(resource: Resource, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** PUT; a `resourceVersion` in the object makes it conditional (409). */
  replace(resource: Resource, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** An object that is not there counts as deleted. */
  delete(resource: Resource, name: ObjectName, options?: DeleteOptions): Promise<void>;
  /** Any path; JSON in and out. */
  request(method: string, path: string, body?: unknown): Promise<unknown>;
  watch(resource: Resource, options: WatchOptions, onEvent: (event: WatchEvent) => void): Watch;
  /** Ends all connections. */
  close(): void;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  /** How errors call this request. */
  readonly shown: string;
}

const maxAttempts = 4;
const maxPauseMs = 10_000;
const defaultTimeoutMs = 10_000;

export function clientOver(transport: Transport, options: ClientOptions = {}): Client {
  const { clock = steadyClock, timeoutMs = defaultTimeoutMs } = options;
  const probe = createProbe(transport, { clock, timeoutMs });
  const send = (call: Call) => exchange(transport, call, options);
  const write = async (method: string, path: string, details: WriteDetails) => {
    const { resource, object, options: writeOptions = {}, contentType } = details;
    const { namespace, name } = object.metadata;
    const suffix = writeOptions.subresource === undefined ? '' : `/${writeOptions.subresource}`;
    return (await send({
      method,
      path: path + suffix + writeQuery(details),
      body: object,
      ...(contentType === undefined ? {} : { contentType }),
      shown: show(details.verb, resource, {
        ...(namespace === undefined ? {} : { namespace }),
        name,
      }),
    })) as KubeObject;
  };
  return {
    get: async (resource, name) =>
      (await send({
        method: 'GET',
        path: objectPath(resource, name),
        shown: show('get', resource, name),
      })) as KubeObject,
    list: (resource, listOptions = {}) => list(send, resource, listOptions),
    create: (resource, object, writeOptions) =>
      write('POST', collectionPath(resource, object.metadata.namespace), {
        verb: 'create',
        resource,
        object,
        options: writeOptions,
      }),
    apply: (resource, object, writeOptions) =>
      write('PATCH', objectPath(resource, object.metadata), {
        verb: 'apply',
        resource,
        object,
        options: writeOptions,
        contentType: applyType,
      }),
    replace: (resource, object, writeOptions) =>
      write('PUT', objectPath(resource, object.metadata), {
        verb: 'replace',
        resource,
        object,
        options: writeOptions,
      }),
    delete: async (resource, name, deleteOptions = {}) => {
      const { gracePeriodSeconds, propagation } = deleteOptions;
      const query = renderQuery({ gracePeriodSeconds, propagationPolicy: propagation });
      try {
        const path = objectPath(resource, name) + query;
        await send({ method: 'DELETE', path, shown: show('delete', resource, name) });
      } catch (error) {
        if (!(error instanceof ApiError && error.code === 404)) throw error;
      }
    },
    request: (method, path, body) => send({ method, path, body, shown: `${method} ${path}` }),
    watch: (resource, watchOptions, onEvent) =>
      startWatch(
        { transport, clock, probe, timeoutMs },
        { resource, options: watchOptions, onEvent },
      ),
    close: () => transport.close(),
  };
}

const applyType = 'application/apply-patch+yaml';

interface WriteDetails {
  readonly verb: string;
  readonly resource: Resource;
  readonly object: KubeObject;
  readonly options: WriteOptions | undefined;
  readonly contentType?: string;
}

function writeQuery({ options = {}, contentType }: WriteDetails): string {
  return renderQuery({
    fieldManager: options.fieldManager ?? 'sluice',
    force: contentType === applyType ? (options.force ?? true) : undefined,
    dryRun: options.dryRun === true ? 'All' : undefined,
    fieldValidation: options.fieldValidation,
  });
}

async function list(
  send: (call: Call) => Promise<unknown>,
  resource: Resource,
  { namespace, ...query }: ListOptions,
): Promise<ObjectList> {
  const path = collectionPath(resource, namespace) + renderQuery(query);
  const shown = `list ${resource.plural}${namespace === undefined ? '' : ` in ${namespace}`}`;
  const answer = (await send({ method: 'GET', path, shown })) as {
    readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
    readonly items?: readonly KubeObject[] | null;
  };
  const { resourceVersion, continue: next } = answer.metadata;
  const kinds = {
    apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`,
    kind: resource.kind,
  };
  return {
    // The items of built-in kinds carry neither apiVersion nor kind.
    items: (answer.items ?? []).map((item) => ({ ...kinds, ...item })),
    resourceVersion,
    ...(next === undefined || next === '' ? {} : { continue: next }),
  };
}

async function exchange(
  transport: Transport,
  call: Call,
  options: ClientOptions,
): Promise<unknown> {
  const { clock = steadyClock } = options;
  const repeatable = isRepeatable(call);
  for (let attempt = 1; ; attempt += 1) {
    const { answer, text } = await receive(transport, call, options);
    const value = parseJson(text);
    for (const warning of readWarnings(answer)) options.onWarning?.(warning);
    const code = answer.statusCode ?? 0;
    if (code >= 200 && code < 300) return value;
    const error = new ApiError(call.shown, value, { code, retryAfterMs: readRetryAfter(answer) });
    const busy = code === 429 || code === 503;
    if (!(repeatable && busy && error.retryAfterMs !== undefined && attempt < maxAttempts)) {
      throw error;
    }
    await pause(clock, Math.min(error.retryAfterMs, maxPauseMs));
  }
}

function isRepeatable({ method, contentType }: Call): boolean {
  return method === 'GET' || contentType === applyType;
}

/** One request and its whole answer. Without one the error says which request failed, and why. */
async function receive(transport: Transport, call: Call, options: ClientOptions) {
  const { timeoutMs = defaultTimeoutMs, maxBodyBytes = 64 * 1024 * 1024 } = options;
  const { shown } = call;
  const late = new Error(`no answer within ${timeoutMs} ms`);
  const deadline = startDeadline(options.clock ?? steadyClock, timeoutMs, late);
  try {
    const answer = await transport.open({
      method: call.method,
      path: call.path,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(call.contentType === undefined ? {} : { contentType: call.contentType }),
      repeatable: isRepeatable(call),
      signal: deadline.signal,
    });
    return { answer, text: await readText(answer, maxBodyBytes) };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    const shownWhy = deadline.signal.aborted ? late.message : why;
    throw new Error(`${shown}: ${shownWhy}`, { cause: thrown });
  } finally {
    deadline.clear();
  }
}

/** `299 - "text"`, one a header line. */
function readWarnings(answer: Answer): string[] {
  return (answer.headersDistinct['warning'] ?? []).map((line) =>
    line.replace(/^\d{3} \S+ "(.*)"$/, '$1'),
  );
}

function renderQuery(fields: Readonly<Record<string, string | number | boolean | undefined>>) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}

function show(verb: string, resource: Resource, { namespace, name }: ObjectName): string {
  return `${verb} ${resource.plural} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
