/**
 * What service accounts asked of the API server, as its audit log tells: which Pod, which verb,
 * what. Nobody who writes can leave a line out.
 *
 * https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface AuditedRequest {
  /** `namespace:name`. */
  readonly account: string;
  readonly pod: string;
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly code: number;
  /** Milliseconds since the epoch at which it arrived. */
  readonly atMs: number;
}

/** Lines are written in batches. */
const flushMs = 2_000;
const accountPrefix = 'system:serviceaccount:';
const podKey = 'authentication.kubernetes.io/pod-name';
const writingVerbs: readonly string[] = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/** Those from this moment on, in the order in which they arrived. */
export async function readAudit(path: string, sinceMs: number): Promise<readonly AuditedRequest[]> {
  await delay(flushMs);
  return readText(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditLine)
    .filter(({ verb, stage }) => stage === (verb === 'watch' ? 'ResponseStarted' : finalStage))
    .map(parseLine)
    .filter(({ atMs }) => atMs >= sinceMs)
    .sort((one, other) => one.atMs - other.atMs);
}

export function isWrite({ verb }: AuditedRequest): boolean {
  return writingVerbs.includes(verb);
}

/** Of a watch, which may go on for minutes, its start counts. */
const finalStage = 'ResponseComplete';

interface AuditLine {
  readonly stage: string;
  readonly verb: string;
  readonly requestReceivedTimestamp: string;
  readonly user: {
    readonly username: string;
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  readonly objectRef?: {
    readonly resource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: { readonly code?: number };
}

function parseLine({ verb, user, objectRef = {}, ...line }: AuditLine): AuditedRequest {
  const { resource = '', namespace = '', name = '', subresource } = objectRef;
  return {
    account: user.username.replace(accountPrefix, ''),
    pod: user.extra?.[podKey]?.[0] ?? '',
    verb,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    namespace,
    name,
    code: line.responseStatus?.code ?? 0,
    atMs: Date.parse(line.requestReceivedTimestamp),
  };
}

/** Up to the last whole line: the server may be writing the next one. */
function readText(path: string): string {
  const file = openSync(path, 'r');
  try {
    const octets = Buffer.alloc(fstatSync(file).size);
    const length = readSync(file, octets, 0, octets.length, 0);
    const text = octets.toString('utf8', 0, length);
    return text.slice(0, text.lastIndexOf('\n') + 1);
  } finally {
    closeSync(file);
  }
}
