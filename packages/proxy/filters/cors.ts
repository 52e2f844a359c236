/**
 * CORS as the Gateway API has it (GEP-1767) over the Fetch standard's protocol: preflights are
 * answered here, other responses get the fields that let the origin read them.
 */
import type { CorsFilter, FilterConfig } from '@sluice/model';
import { compileHeaderEdits, FIELD, type HeaderEdits } from '@sluice/wire';
import type { RequestText } from '../http1/request-text.ts';
import { type LocalReply, noBody } from '../reply.ts';

/** Responses are edited per origin; so many are kept compiled. */
const originsKept = 64;

export interface CorsPlan {
  readonly filter: CorsFilter;
  allows(origin: string): boolean;
  /** By value of Allow-Origin. */
  readonly edits: Map<string, HeaderEdits>;
}

interface Field {
  readonly name: string;
  readonly value: string;
}

export function compileCors(filters: readonly FilterConfig[]): CorsPlan | undefined {
  const filter = filters.find((candidate) => candidate.kind === 'cors');
  if (filter === undefined) return undefined;
  const exact = new Set(filter.allowOrigins.map(canonicalOrigin));
  const patterns = filter.allowOrigins
    .filter((origin) => origin.includes('*'))
    .map((origin) => canonicalOrigin(origin).split('*'));
  return {
    filter,
    edits: new Map(),
    allows(origin) {
      const canonical = canonicalOrigin(origin);
      return exact.has(canonical) || patterns.some((parts) => fitsPattern(canonical, parts));
    },
  };
}

/** The answer to a preflight; undefined: this is another request. */
export function answerPreflight(plan: CorsPlan, request: RequestText): LocalReply | undefined {
  if (request.method !== 'OPTIONS') return undefined;
  const origin = request.known(FIELD.origin);
  const method = request.known(FIELD['access-control-request-method']);
  if (origin === undefined || method === undefined) return undefined;
  const fields: Field[] = plan.allows(origin) ? preflightFields(plan.filter, request, origin) : [];
  return { statusCode: 204, fields, body: noBody, failure: undefined };
}

/** Edits of the response to a request of another site; undefined: none are due. */
export function corsEdits(plan: CorsPlan, request: RequestText): HeaderEdits | undefined {
  const origin = request.known(FIELD.origin);
  if (origin === undefined) return undefined;
  const allowed = plan.allows(origin) ? allowOrigin(plan.filter, origin) : '';
  let edits = plan.edits.get(allowed);
  if (edits === undefined) {
    edits = compileCorsEdits(plan.filter, allowed);
    if (plan.edits.size >= originsKept) plan.edits.clear();
    plan.edits.set(allowed, edits);
  }
  return edits;
}

/** The origin's own opinion is replaced: the route's filter decides. */
function compileCorsEdits(filter: CorsFilter, allowed: string): HeaderEdits {
  const remove = [
    'access-control-allow-origin',
    'access-control-allow-credentials',
    'access-control-expose-headers',
  ];
  if (allowed === '') return compileHeaderEdits([{ set: [], add: [], remove }]);
  const set = originFields(filter, allowed);
  const add = allowed === '*' ? [] : [{ name: 'Vary', value: 'Origin' }];
  return compileHeaderEdits([
    { set: [], add: [], remove },
    { set, add, remove: [] },
  ]);
}

function preflightFields(filter: CorsFilter, request: RequestText, origin: string): Field[] {
  const fields = originFields(filter, allowOrigin(filter, origin));
  const list = (name: string, allowed: readonly string[], requested: string | undefined): void => {
    const value = allowed.includes('*') ? (requested ?? '') : allowed.join(', ');
    if (value !== '') fields.push({ name, value });
  };
  const method = request.known(FIELD['access-control-request-method']);
  const headers = request.known(FIELD['access-control-request-headers']);
  list('Access-Control-Allow-Methods', filter.allowMethods, method);
  list('Access-Control-Allow-Headers', filter.allowHeaders, headers);
  fields.push({ name: 'Access-Control-Max-Age', value: String(filter.maxAgeSeconds) });
  fields.push({ name: 'Vary', value: 'Origin' });
  return fields;
}

/** Expose-Headers is for preflights too: browsers don't look there, the official suite does. */
function originFields(filter: CorsFilter, allowed: string): Field[] {
  const fields = [{ name: 'Access-Control-Allow-Origin', value: allowed }];
  if (filter.allowCredentials) {
    fields.push({ name: 'Access-Control-Allow-Credentials', value: 'true' });
  }
  const { exposeHeaders, allowCredentials } = filter;
  if (exposeHeaders.length > 0 && !(allowCredentials && exposeHeaders.includes('*'))) {
    fields.push({ name: 'Access-Control-Expose-Headers', value: exposeHeaders.join(', ') });
  }
  return fields;
}

function allowOrigin(filter: CorsFilter, origin: string): string {
  return filter.allowOrigins.includes('*') && !filter.allowCredentials ? '*' : origin;
}

/** Lower case, without the port that the scheme implies. */
function canonicalOrigin(origin: string): string {
  const lower = origin.toLowerCase();
  if (lower.startsWith('http://')) return lower.replace(/:80$/, '');
  if (lower.startsWith('https://')) return lower.replace(/:443$/, '');
  return lower;
}

/** Do the literal parts occur in order, the first at the start and the last at the end? */
function fitsPattern(text: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  if (text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
