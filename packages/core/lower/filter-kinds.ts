/** The filters that have rules of their own: redirect, mirror, CORS. */
import type { CorsFilter, FilterConfig, RedirectFilter } from '@sluice/model';
import { resolveBackend } from '../graph/backend.ts';
import { SPEC } from '../marks.ts';
import type { HttpRouteFilter, MirrorSpec } from '../objects.ts';
import { type FilterPlace, lowerPathModifier } from './path-modifier.ts';
import { type RouteReport, unresolved, unsupported } from './report.ts';

type RedirectSpec = NonNullable<HttpRouteFilter['requestRedirect']>;
type CorsSpec = NonNullable<HttpRouteFilter['cors']>;

const REDIRECT_CODES: readonly RedirectFilter['statusCode'][] = [301, 302, 303, 307, 308];

export function lowerRedirect(
  report: RouteReport,
  redirect: RedirectSpec | undefined,
  place: FilterPlace,
): FilterConfig | undefined {
  if (redirect === undefined) return undefined;
  const field = `${place.field}.requestRedirect`;
  const statusCode = REDIRECT_CODES.find((code) => code === redirect.statusCode);
  if (statusCode === undefined) {
    const message = `A redirect can't have status code ${redirect.statusCode}; use ${REDIRECT_CODES.join(', ')}.`;
    unsupported(report, `${field}.statusCode`, message, SPEC.redirect);
    return undefined;
  }
  const scheme: string | undefined = redirect.scheme;
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    unsupported(
      report,
      `${field}.scheme`,
      `A redirect can't lead to ${scheme}; use http or https.`,
      SPEC.redirect,
    );
    return undefined;
  }
  const at = { ...place, field: `${field}.path` };
  const path =
    redirect.path === undefined ? undefined : lowerPathModifier(report, redirect.path, at);
  if (redirect.path !== undefined && path === undefined) return undefined;
  return {
    kind: 'redirect',
    statusCode,
    ...(scheme === undefined ? {} : { scheme }),
    ...(redirect.hostname === undefined ? {} : { hostname: redirect.hostname }),
    ...(redirect.port === undefined ? {} : { port: redirect.port }),
    ...(path === undefined ? {} : { path }),
  };
}

export function lowerMirror(
  report: RouteReport,
  mirror: MirrorSpec | undefined,
  field: string,
): FilterConfig | undefined {
  if (mirror === undefined) return undefined;
  const source = { routeKind: 'HTTPRoute', namespace: report.namespace, ref: mirror.backendRef };
  const result = resolveBackend(report.world, source);
  if (result.kind === 'refused') {
    unresolved(report, `${field}.backendRef`, { ...result, spec: SPEC.mirrors });
    return undefined;
  }
  report.targets.add(result.target);
  const share =
    mirror.fraction === undefined
      ? { numerator: mirror.percent ?? 100, denominator: 100 }
      : { numerator: mirror.fraction.numerator, denominator: mirror.fraction.denominator ?? 100 };
  return { kind: 'mirror', backend: result.target.id, ...share };
}

export function lowerCors(cors: CorsSpec): CorsFilter {
  return {
    kind: 'cors',
    allowOrigins: [...(cors.allowOrigins ?? [])],
    allowMethods: [...(cors.allowMethods ?? [])],
    allowHeaders: [...(cors.allowHeaders ?? [])],
    exposeHeaders: [...(cors.exposeHeaders ?? [])],
    allowCredentials: cors.allowCredentials ?? false,
    maxAgeSeconds: cors.maxAge,
  };
}
