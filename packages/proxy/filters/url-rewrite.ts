/** URLRewrite: host and path that the endpoint sees. */
import type { FilterConfig, PathMatchConfig, PathRewriteConfig } from '@sluice/model';
import { rewritePath } from './path-rewrite.ts';

export interface RewritePlan {
  /** Empty: unchanged. */
  readonly host: string;
  readonly path: PathRewriteConfig | undefined;
}

/** Later filters win, part by part: those of a backend over those of its rule. */
export function compileRewrite(filters: readonly FilterConfig[]): RewritePlan | undefined {
  const rewrites = filters.filter((filter) => filter.kind === 'url-rewrite');
  if (rewrites.length === 0) return undefined;
  let host = '';
  let path: PathRewriteConfig | undefined;
  for (const rewrite of rewrites) {
    host = rewrite.hostname ?? host;
    path = rewrite.path ?? path;
  }
  return { host, path };
}

/** Path and query for the endpoint; empty: unchanged. */
export function rewriteTarget(
  plan: RewritePlan,
  request: { readonly path: string; readonly query: string },
  match: PathMatchConfig,
): string {
  if (plan.path === undefined) return '';
  const path = rewritePath(plan.path, request.path, match);
  return request.query === '' ? path : `${path}?${request.query}`;
}
