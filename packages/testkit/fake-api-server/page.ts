/**
 * A list, or the page of it that `limit` and `continue` ask for. All pages are as of the version
 * of the first one; a token of a version that is gone expires.
 */
import { ApiRefusal } from './api-refusal.ts';
import type { Target } from './kinds.ts';
import type { ObjectTable } from './object-table.ts';
import { parseSelector } from './selectors.ts';

interface Token {
  readonly version: number;
  readonly start: number;
}

export function readPage(table: ObjectTable, target: Target, query: URLSearchParams): object {
  const { kind, namespace } = target;
  const token = query.get('continue');
  const { version, start } = token === null ? { version: table.version, start: 0 } : decode(token);
  if (version < table.oldest) {
    throw new ApiRefusal(410, 'Expired', 'the provided continue parameter is too old');
  }
  const found = table.list(kind, namespace, version).filter(parseSelector(query));
  const limit = Number(query.get('limit') ?? 0) || found.length;
  const isLast = start + limit >= found.length;
  const next: Token = { version, start: start + limit };
  return {
    kind: `${kind.kind}List`,
    metadata: {
      resourceVersion: String(version),
      ...(isLast ? {} : { continue: Buffer.from(JSON.stringify(next)).toString('base64url') }),
    },
    items: found.slice(start, start + limit),
  };
}

function decode(token: string): Token {
  return JSON.parse(Buffer.from(token, 'base64url').toString()) as Token;
}
