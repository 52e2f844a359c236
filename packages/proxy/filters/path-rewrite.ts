/**
 * New path of a request, for URLRewrite and RequestRedirect.
 *
 * The result begins with one `/`, holds no `//` at a seam and no dot segment that the parts did
 * not hold: the origin must not resolve it to another path than we matched.
 */
import type { PathMatchConfig, PathRewriteConfig } from '@sluice/model';

/** `path` is normalised; `match` is the match of the rule that won. */
export function rewritePath(
  rewrite: PathRewriteConfig,
  path: string,
  match: PathMatchConfig,
): string {
  if (rewrite.kind === 'full') return absolute(rewrite.value);
  // Without a prefix match there is no prefix to replace; core reports it, the path stays.
  if (match.kind !== 'prefix') return path;
  const prefix = withoutTrailingSlash(match.value);
  const rest = path.slice(prefix.length);
  const start = withoutTrailingSlash(rewrite.value);
  if (rest === '' || rest === '/') return absolute(start === '' ? '/' : `${start}${rest}`);
  return absolute(`${start}/${rest.replace(/^\/+/, '')}`);
}

function withoutTrailingSlash(path: string): string {
  return path.replace(/\/+$/, '');
}

function absolute(path: string): string {
  return path.startsWith('/') ? path.replace(/^\/{2,}/, '/') : `/${path}`;
}
