/** An explanation as text for a terminal: one thought per line, no colours. */
import type { EndpointConfig, FilterConfig, MatchOutcome, ObjectName } from '@sluice/model';
import type { Answer, BackendChoice, Explanation } from './explanation.ts';

export function renderExplanation(explanation: Explanation): string {
  const { question, listener, route } = explanation;
  const query = question.query === '' ? '' : `?${question.query}`;
  const lines = [
    `${question.method} ${question.host || '(no host)'}${question.path}${query}`,
    `gateway   ${question.gateway} port ${question.port}`,
  ];
  if (listener !== undefined) {
    const hostname = listener.hostname ?? 'any host';
    lines.push(`listener  ${listener.name} of ${renderObject(listener.owner)} (${hostname})`);
  }
  if (route !== undefined) {
    const name = route.ruleName === undefined ? '' : ` "${route.ruleName}"`;
    const hostname = route.hostname === '' ? 'any host' : route.hostname;
    lines.push(`route     ${renderObject(route.object)} ${route.field}${name} (${hostname})`);
  }
  for (const { field, filter } of explanation.filters) {
    lines.push(`filter    ${renderFilter(filter)}  ${field}`);
  }
  for (const { name, text, field } of explanation.limits) {
    lines.push(`limit     ${name}: ${text}  ${field}`);
  }
  for (const backend of explanation.backends) lines.push(...renderBackend(backend));
  lines.push(`answer    ${renderAnswer(explanation.answer)}`);
  lines.push(...renderLosers(explanation));
  for (const finding of explanation.findings) {
    lines.push(`${finding.severity.padEnd(9)} ${finding.reason}: ${finding.message}`);
  }
  return `${lines.join('\n')}\n`;
}

function renderLosers(explanation: Explanation): readonly string[] {
  return explanation.candidates
    .filter((candidate) => candidate.outcome.kind !== 'won')
    .map((candidate) => {
      const where = `${renderObject(candidate.object)} ${candidate.field}`;
      return `not       ${where}: ${renderOutcome(candidate.outcome)}`;
    });
}

function renderBackend(backend: BackendChoice): readonly string[] {
  const percent = `${Math.round(backend.share * 1000) / 10}%`;
  const name = backend.id ?? backend.field;
  const answer = backend.answer === undefined ? '' : `: ${renderAnswer(backend.answer)}`;
  const endpoints = backend.endpoints.map((endpoint) => `          ${renderEndpoint(endpoint)}`);
  const filters = backend.filters.map((filter) => `          ${renderFilter(filter)}`);
  return [`backend   ${percent} ${name}${answer}`, ...filters, ...endpoints];
}

function renderEndpoint({ address, port, target }: EndpointConfig): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${host}:${port}${target === undefined ? '' : ` ${target}`}`;
}

export function renderAnswer(answer: Answer): string {
  switch (answer.kind) {
    case 'forward':
      return 'forwarded to one of the backends';
    case 'redirect':
      return `${answer.statusCode} redirect by the gateway`;
    case 'preflight':
      return `${answer.statusCode} CORS preflight, answered by the gateway`;
    case 'error':
      return `${answer.statusCode}: ${answer.reason}`;
    case 'refused':
      return `no connection: ${answer.reason}`;
  }
}

/** Why a match did not get the request. */
export function renderOutcome(outcome: MatchOutcome): string {
  switch (outcome.kind) {
    case 'won':
      return 'it won';
    case 'outranked':
      return `it accepts the request too, but comes later by ${outcome.step}`;
    case 'host':
      return `its hosts are ${outcome.wanted.join(', ')}, not ${outcome.actual || '(none)'}`;
    case 'path':
      return `its path is ${outcome.wanted.kind} ${outcome.wanted.value}, not ${outcome.actual}`;
    case 'method':
      return `its method is ${outcome.wanted}, not ${outcome.actual}`;
    case 'header':
    case 'query': {
      const { kind, name, wanted, actual } = outcome;
      const found = actual === undefined ? 'absent' : `"${actual}"`;
      return `its ${kind} ${name} is ${wanted.kind} "${wanted.value}", here it is ${found}`;
    }
  }
}

function renderFilter(filter: FilterConfig): string {
  switch (filter.kind) {
    case 'request-headers':
    case 'response-headers': {
      const set = filter.set.map(({ name, value }) => `set ${name}: ${value}`);
      const add = filter.add.map(({ name, value }) => `add ${name}: ${value}`);
      const remove = filter.remove.map((name) => `remove ${name}`);
      return `${filter.kind} ${[...set, ...add, ...remove].join(', ')}`;
    }
    case 'redirect': {
      const { scheme = 'same scheme', hostname = 'same host', port, path } = filter;
      const to = `${scheme}, ${hostname}${port === undefined ? '' : `, port ${port}`}`;
      const end = path === undefined ? '' : `, ${path.kind} path ${path.value}`;
      return `redirect ${filter.statusCode} to ${to}${end}`;
    }
    case 'url-rewrite': {
      const { hostname, path } = filter;
      const parts = [
        ...(hostname === undefined ? [] : [`host ${hostname}`]),
        ...(path === undefined ? [] : [`${path.kind} path ${path.value}`]),
      ];
      return `url-rewrite to ${parts.join(', ')}`;
    }
    case 'mirror':
      return `mirror ${filter.numerator}/${filter.denominator} to ${filter.backend}`;
    case 'cors':
      return `cors for ${filter.allowOrigins.join(', ') || 'no origin'}`;
  }
}

function renderObject(object: ObjectName): string {
  return `${object.kind} ${object.namespace}/${object.name}`;
}
