/**
 * HTTPRouteMatch → MatchConfig, with the API's defaults filled in.
 *
 * A match whose regex can't be used matches nothing, so it is left out and its rule is invalid.
 */
import {
  checkRegex,
  type MatchConfig,
  type PathMatchConfig,
  type ValueMatchConfig,
} from '@sluice/model';
import { SPEC } from '../marks.ts';
import type { HttpRouteMatch } from '../objects.ts';
import { type Indexed, lowerEach } from './indexed.ts';
import { type RouteReport, unsupported } from './report.ts';

const EVERY_PATH: PathMatchConfig = { kind: 'prefix', value: '/' };
const EVERY_REQUEST: MatchConfig = { path: EVERY_PATH, headers: [], query: [] };
const EVERY_REQUEST_ONLY: Indexed<MatchConfig> = { configs: [EVERY_REQUEST], indexes: [0] };

export function lowerMatches(
  report: RouteReport,
  matches: readonly HttpRouteMatch[] | undefined,
  field: string,
): Indexed<MatchConfig> {
  if (matches === undefined || matches.length === 0) return EVERY_REQUEST_ONLY;
  return lowerEach(matches, (match, index) =>
    lowerMatch(report, match, `${field}.matches[${index}]`),
  );
}

function lowerMatch(
  report: RouteReport,
  match: HttpRouteMatch,
  field: string,
): MatchConfig | undefined {
  const path = lowerPath(report, match, `${field}.path`);
  const headers = lowerValues(report, match.headers, { field: `${field}.headers`, header: true });
  const query = lowerValues(report, match.queryParams, {
    field: `${field}.queryParams`,
    header: false,
  });
  if (path === undefined || headers === undefined || query === undefined) return undefined;
  const method = match.method;
  return { path, ...(method === undefined ? {} : { method }), headers, query };
}

function lowerPath(
  report: RouteReport,
  match: HttpRouteMatch,
  field: string,
): PathMatchConfig | undefined {
  if (match.path === undefined) return EVERY_PATH;
  const value = match.path.value ?? '/';
  const type: string = match.path.type ?? 'PathPrefix';
  switch (type) {
    case 'Exact':
      return { kind: 'exact', value };
    case 'PathPrefix':
      return { kind: 'prefix', value };
    case 'RegularExpression':
      return isUsableRegex(report, value, `${field}.value`) ? { kind: 'regex', value } : undefined;
    default:
      unsupported(report, `${field}.type`, `Path match type ${type} is not known.`, SPEC.matches);
      return undefined;
  }
}

interface ValueMatch {
  readonly type?: string;
  readonly name: string;
  readonly value: string;
}

/** Only the first of several entries with an equivalent name counts (HTTPHeaderMatch.name). */
function lowerValues(
  report: RouteReport,
  entries: readonly ValueMatch[] | undefined,
  place: { readonly field: string; readonly header: boolean },
): readonly ValueMatchConfig[] | undefined {
  if (entries === undefined || entries.length === 0) return NO_VALUES;
  const byName = new Map<string, ValueMatchConfig>();
  let usable = true;
  for (const [index, entry] of entries.entries()) {
    const name = place.header ? entry.name.toLowerCase() : entry.name;
    if (byName.has(name)) continue;
    const kind = valueKind(report, entry, `${place.field}[${index}]`);
    if (kind === undefined) usable = false;
    else byName.set(name, { name, kind, value: entry.value });
  }
  return usable ? [...byName.values()] : undefined;
}

const NO_VALUES: readonly ValueMatchConfig[] = [];

function valueKind(
  report: RouteReport,
  entry: ValueMatch,
  field: string,
): ValueMatchConfig['kind'] | undefined {
  switch (entry.type ?? 'Exact') {
    case 'Exact':
      return 'exact';
    case 'RegularExpression':
      return isUsableRegex(report, entry.value, `${field}.value`) ? 'regex' : undefined;
    default:
      unsupported(report, `${field}.type`, `Match type ${entry.type} is not known.`, SPEC.matches);
      return undefined;
  }
}

function isUsableRegex(report: RouteReport, pattern: string, field: string): boolean {
  const check = checkRegex(pattern);
  if (check.ok) return true;
  const message = `The regular expression can't be used: ${check.problem}.`;
  unsupported(report, field, message, SPEC.matches);
  return false;
}
