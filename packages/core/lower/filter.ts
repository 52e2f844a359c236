/**
 * HTTPRouteFilter → FilterConfig, in the order of the route.
 *
 * A filter that can't run is never skipped: it makes its rule answer 500. The one exception is the
 * API's own: a mirror whose backend is invalid is dropped.
 */
import type { FilterConfig, HeaderEditsConfig } from '@sluice/model';
import { SPEC } from '../marks.ts';
import { GATEWAY_GROUP, type HttpRouteFilter } from '../objects.ts';
import { ROUTE_REASON } from '../reasons.ts';
import { lowerCors, lowerMirror, lowerRedirect } from './filter-kinds.ts';
import { type Indexed, lowerEach } from './indexed.ts';
import { type FilterPlace, lowerPathModifier } from './path-modifier.ts';
import { type RouteReport, unresolved, unsupported } from './report.ts';

export function lowerFilters(
  report: RouteReport,
  filters: readonly HttpRouteFilter[] | undefined,
  place: FilterPlace,
): Indexed<FilterConfig> {
  if (filters === undefined || filters.length === 0) return NO_FILTERS;
  return lowerEach(filters, (filter, index) =>
    lowerFilter(report, filter, { ...place, field: `${place.field}.filters[${index}]` }),
  );
}

const NO_FILTERS: Indexed<FilterConfig> = { configs: [], indexes: [] };

function lowerFilter(
  report: RouteReport,
  filter: HttpRouteFilter,
  place: FilterPlace,
): FilterConfig | undefined {
  const { field } = place;
  const type: string = filter.type;
  if (place.level === 'backend' && (type === 'RequestRedirect' || type === 'CORS')) {
    unsupported(
      report,
      field,
      `A ${type} filter can't stand at a backendRef; move it to the rule.`,
    );
    return undefined;
  }
  switch (type) {
    case 'RequestHeaderModifier':
      return { kind: 'request-headers', ...lowerHeaders(filter.requestHeaderModifier) };
    case 'ResponseHeaderModifier':
      return { kind: 'response-headers', ...lowerHeaders(filter.responseHeaderModifier) };
    case 'RequestRedirect':
      return lowerRedirect(report, filter.requestRedirect, place);
    case 'URLRewrite':
      return lowerRewrite(report, filter, place);
    case 'RequestMirror':
      return lowerMirror(report, filter.requestMirror, `${field}.requestMirror`);
    case 'CORS':
      return filter.cors === undefined ? undefined : lowerCors(filter.cors);
    default:
      return refuseFilter(report, filter, place);
  }
}

function refuseFilter(report: RouteReport, filter: HttpRouteFilter, place: FilterPlace): undefined {
  const { field } = place;
  const type: string = filter.type;
  if (type === 'ExtensionRef') {
    const ref = filter.extensionRef;
    const named = ref === undefined ? 'nothing' : `${ref.group || 'core'}/${ref.kind} ${ref.name}`;
    unresolved(report, `${field}.extensionRef`, {
      reason: ROUTE_REASON.invalidKind,
      message: `extensionRef names ${named}, which is not a kind of filter here; requests that need it are answered 500.`,
      spec: SPEC.extensionRef,
    });
  } else if (type === 'ExternalAuth') {
    const message = 'ExternalAuth is not supported yet; requests that need it are answered 500.';
    unsupported(report, field, message, SPEC.externalAuth);
  } else {
    unsupported(report, `${field}.type`, `Filter type ${type} is not known to ${GATEWAY_GROUP}.`);
  }
  return undefined;
}

interface HeaderModifier {
  readonly set?: readonly { readonly name: string; readonly value: string }[];
  readonly add?: readonly { readonly name: string; readonly value: string }[];
  readonly remove?: readonly string[];
}

function lowerHeaders(modifier: HeaderModifier | undefined): HeaderEditsConfig {
  const copy = ({ name, value }: { readonly name: string; readonly value: string }) => ({
    name,
    value,
  });
  return {
    set: (modifier?.set ?? []).map(copy),
    add: (modifier?.add ?? []).map(copy),
    remove: (modifier?.remove ?? []).map((name) => name.toLowerCase()),
  };
}

function lowerRewrite(
  report: RouteReport,
  filter: HttpRouteFilter,
  place: FilterPlace,
): FilterConfig | undefined {
  const rewrite = filter.urlRewrite ?? {};
  const at = { ...place, field: `${place.field}.urlRewrite.path` };
  const path = rewrite.path === undefined ? undefined : lowerPathModifier(report, rewrite.path, at);
  if (rewrite.path !== undefined && path === undefined) return undefined;
  return {
    kind: 'url-rewrite',
    ...(rewrite.hostname === undefined ? {} : { hostname: rewrite.hostname }),
    ...(path === undefined ? {} : { path }),
  };
}
