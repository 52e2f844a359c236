/** What the rule that won does with the request: filters, limits, backends, answer. */
import type {
  BackendConfig,
  CompiledMatch,
  ProxyConfig,
  RequestView,
  RuleConfig,
  WeightedBackendConfig,
} from '@sluice/model';
import type {
  Answer,
  BackendChoice,
  ErrorAnswer,
  Explanation,
  LimitSource,
  Source,
} from './explanation.ts';
import type { RouteSources } from './route-source.ts';

export interface RuleInquiry {
  readonly match: CompiledMatch<undefined>;
  readonly hostname: string;
  readonly request: RequestView;
  readonly config: ProxyConfig;
  readonly sources: RouteSources;
}

export type RuleExplanation = Pick<
  Explanation,
  'route' | 'filters' | 'limits' | 'backends' | 'answer'
>;

export function explainRule(inquiry: RuleInquiry): RuleExplanation {
  const { match, sources, hostname } = inquiry;
  const { route, rule, ruleIndex } = match;
  const source = { object: route.object, field: sources.ruleField(route.id, ruleIndex) };
  const backends = explainBackends(inquiry, source);
  return {
    route: { ...source, hostname, ...(rule.name === undefined ? {} : { ruleName: rule.name }) },
    filters: rule.filters.map((filter, index) => ({
      object: route.object,
      field: sources.filterField(route.id, ruleIndex, index),
      filter,
    })),
    limits: explainLimits(rule, source),
    backends,
    answer: answerOf(inquiry, backends),
  };
}

function answerOf(inquiry: RuleInquiry, backends: readonly BackendChoice[]): Answer {
  const { rule } = inquiry.match;
  if (rule.invalid !== undefined) return { kind: 'error', statusCode: 500, reason: rule.invalid };
  for (const filter of rule.filters) {
    if (filter.kind === 'redirect') return { kind: 'redirect', statusCode: filter.statusCode };
    if (filter.kind === 'cors' && isPreflight(inquiry.request)) {
      return { kind: 'preflight', statusCode: 204 };
    }
  }
  const chosen = backends.filter((backend) => backend.share > 0);
  const [first] = chosen;
  if (first === undefined) {
    const reason =
      backends.length === 0 ? 'The rule has no backendRefs.' : 'All backendRefs have weight 0.';
    return { kind: 'error', statusCode: 500, reason };
  }
  const alike = chosen.every((backend) => backend.answer?.statusCode === first.answer?.statusCode);
  return alike && first.answer !== undefined ? first.answer : { kind: 'forward' };
}

/** Fetch standard, "CORS-preflight request". */
function isPreflight(request: RequestView): boolean {
  return (
    request.method === 'OPTIONS' &&
    request.header('origin') !== undefined &&
    request.header('access-control-request-method') !== undefined
  );
}

function explainBackends(inquiry: RuleInquiry, source: Source): readonly BackendChoice[] {
  const { rule } = inquiry.match;
  const total = rule.backends.reduce((sum, backend) => sum + backend.weight, 0);
  return rule.backends.map((backend, index) => {
    const known = inquiry.config.backends.find((candidate) => candidate.id === backend.backend);
    const answer = backendAnswer(backend, known);
    return {
      object: source.object,
      field: `${source.field}.backendRefs[${index}]`,
      ...(known === undefined ? {} : { id: known.id, protocol: known.protocol }),
      weight: backend.weight,
      share: total === 0 ? 0 : backend.weight / total,
      filters: backend.filters,
      endpoints: known?.endpoints ?? [],
      ...(answer === undefined ? {} : { answer }),
    };
  });
}

function backendAnswer(
  backend: WeightedBackendConfig,
  known: BackendConfig | undefined,
): ErrorAnswer | undefined {
  if (backend.invalid !== undefined || known === undefined) {
    const reason = backend.invalid ?? 'The backend is not part of the config.';
    return { kind: 'error', statusCode: 500, reason };
  }
  if (known.endpoints.length > 0) return undefined;
  return { kind: 'error', statusCode: 503, reason: `${known.id} has no endpoint that is ready.` };
}

function explainLimits(rule: RuleConfig, source: Source): readonly LimitSource[] {
  const limits: LimitSource[] = [];
  const add = (name: LimitSource['name'], field: string, text: string): void => {
    limits.push({ object: source.object, field: `${source.field}.${field}`, name, text });
  };
  const { requestMs = 0, backendRequestMs = 0 } = rule.timeouts ?? {};
  if (requestMs > 0) add('request timeout', 'timeouts.request', `${requestMs}ms`);
  if (backendRequestMs > 0) {
    add('backend request timeout', 'timeouts.backendRequest', `${backendRequestMs}ms`);
  }
  const { retry } = rule;
  if (retry !== undefined) {
    const codes = retry.codes.length === 0 ? '' : `on ${retry.codes.join(', ')} or `;
    const tries = `up to ${retry.attempts} more tries ${codes}when no connection can be made`;
    add('retry', 'retry', retry.attempts === 0 ? 'never' : tries);
  }
  return limits;
}
