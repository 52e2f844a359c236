/**
 * explain: what happens to one request at a Gateway, and why nothing else does.
 *
 * Asks the same graph, the same config and the same lookup that serve: it can't be of another
 * opinion than the data plane.
 */
import {
  type BindTable,
  buildRequest,
  type CompiledMatch,
  compileConfig,
  type ListenerTable,
  type MatchTrace,
  type ProxyConfig,
  type RequestView,
  type RouteTable,
  selectListener,
  traceMatch,
} from '@sluice/model';
import { createMemo } from '../memo.ts';
import type { ReconcileResult } from '../outcome.ts';
import { reconcile } from '../reconcile.ts';
import type { WorldSnapshot } from '../snapshot.ts';
import type { Answer, Explanation, Question } from './explanation.ts';
import { indexSources, type RouteSources } from './route-source.ts';
import { explainRule } from './rule-explanation.ts';

export function explain(snapshot: WorldSnapshot, question: Question): Explanation {
  const result = reconcile(snapshot);
  const request = buildRequest({
    target: question.target,
    host: question.host,
    ...(question.method === undefined ? {} : { method: question.method }),
    ...(question.headers === undefined ? {} : { headers: question.headers }),
  });
  const config = result.configs[question.gateway];
  if (config === undefined) {
    const reason = `Gateway ${question.gateway} does not exist or is not served by this controller.`;
    return bare(question, request, { kind: 'refused', reason });
  }
  const bind = tableOf(config).binds.find((candidate) => candidate.config.port === question.port);
  if (bind === undefined) {
    const ports = config.binds.map((candidate) => candidate.port).join(', ') || 'none';
    const reason = `Gateway ${question.gateway} serves nothing on port ${question.port} (ports: ${ports}).`;
    return bare(question, request, { kind: 'refused', reason });
  }
  return explainBind({ snapshot, result, config, question, request }, bind);
}

interface Inquiry {
  readonly snapshot: WorldSnapshot;
  readonly result: ReconcileResult;
  readonly config: ProxyConfig;
  readonly question: Question;
  readonly request: RequestView;
}

function explainBind(inquiry: Inquiry, bind: BindTable<undefined>): Explanation {
  const { question, request } = inquiry;
  const serverName = (question.serverName ?? request.host).toLowerCase();
  const connected = bind.config.protocol === 'https' ? selectListener(bind, serverName) : undefined;
  const wanted = selectListener(bind, request.host);
  if (wanted === undefined) {
    const reason = `No listener on port ${question.port} takes the host ${request.host || '(none)'}.`;
    return bare(question, request, { kind: 'error', statusCode: 404, reason });
  }
  if (bind.config.protocol === 'https' && connected !== wanted) {
    return explainMisdirected(inquiry, connected, wanted);
  }
  return explainListener(inquiry, wanted);
}

/** RFC 9110 section 15.5.20: the connection was made for another listener. */
function explainMisdirected(
  inquiry: Inquiry,
  connected: ListenerTable<undefined> | undefined,
  wanted: ListenerTable<undefined>,
): Explanation {
  const { question, request } = inquiry;
  if (connected === undefined) {
    const reason = `No listener on port ${question.port} has a certificate for ${question.serverName ?? request.host}: the handshake fails.`;
    return bare(question, request, { kind: 'refused', reason });
  }
  const reason = `The connection was made for listener ${connected.config.name}, but ${request.host} belongs to listener ${wanted.config.name}.`;
  const answer: Answer = { kind: 'error', statusCode: 421, reason };
  return { ...bare(question, request, answer), listener: chooseListener(connected) };
}

function explainListener(inquiry: Inquiry, listener: ListenerTable<undefined>): Explanation {
  const { question, request, snapshot, result } = inquiry;
  const trace = traceMatch(listener, request);
  const sources = indexSources(snapshot);
  const candidates = listCandidates(trace, sources);
  const common = { listener: chooseListener(listener), candidates };
  const findings = relatedFindings(result, listener, trace.winner);
  if (trace.winner === undefined) {
    const reason = `None of the ${candidates.length} matches of listener ${listener.config.name} accepts the request.`;
    const answer: Answer = { kind: 'error', statusCode: 404, reason };
    return { ...bare(question, request, answer), ...common, findings };
  }
  const winner = trace.candidates.find((candidate) => candidate.match === trace.winner);
  const rule = explainRule({
    match: trace.winner,
    hostname: winner?.hostname ?? '',
    request,
    config: inquiry.config,
    sources,
  });
  return { question: echo(question, request), ...common, ...rule, findings };
}

function listCandidates(
  trace: MatchTrace<undefined>,
  sources: RouteSources,
): Explanation['candidates'] {
  return trace.candidates.map(({ match, hostname, outcome }) => ({
    object: match.route.object,
    field: sources.matchField(match.route.id, match.ruleIndex, match.matchIndex),
    hostname,
    outcome,
  }));
}

function chooseListener(listener: ListenerTable<undefined>): NonNullable<Explanation['listener']> {
  const { owner, name, port, protocol, hostname } = listener.identity;
  return { owner, name, port, protocol, ...(hostname === undefined ? {} : { hostname }) };
}

/** Findings about the listener's owner and about the route that won. */
function relatedFindings(
  result: ReconcileResult,
  listener: ListenerTable<undefined>,
  winner: CompiledMatch<undefined> | undefined,
): Explanation['findings'] {
  const objects = [listener.config.owner, ...(winner === undefined ? [] : [winner.route.object])];
  return result.findings.filter(({ subject }) =>
    objects.some(
      (object) =>
        object.kind === subject.kind &&
        object.namespace === subject.namespace &&
        object.name === subject.name,
    ),
  );
}

function bare(question: Question, request: RequestView, answer: Answer): Explanation {
  const empty = { candidates: [], filters: [], limits: [], backends: [], findings: [] };
  return { question: echo(question, request), ...empty, answer };
}

function echo(question: Question, request: RequestView): Explanation['question'] {
  const { method, host, path, query } = request;
  return { gateway: question.gateway, port: question.port, method, host, path, query };
}

function tableOf(config: ProxyConfig): RouteTable<undefined> {
  return tableMemo(config, [], () => compileConfig(config, () => undefined).table);
}

const tableMemo = createMemo<ProxyConfig, RouteTable<undefined>>();
