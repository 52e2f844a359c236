/** Runs the filters of a rule, in the order the Gateway API gives them. */
import type { HeaderEdits } from '@sluice/wire';
import type { Exchange } from './exchange-state.ts';
import { answerPreflight, corsEdits } from './filters/cors.ts';
import { redirect } from './filters/redirect.ts';
import { rewriteTarget } from './filters/url-rewrite.ts';
import { ReplayBuffer } from './replay.ts';
import { failureReply, type LocalReply } from './reply.ts';

/** Gives the reply that a filter makes; else chooses the backend and prepares what is sent. */
export function runRequestFilters(exchange: Exchange): LocalReply | undefined {
  const { plan, match, text, services } = exchange;
  if (plan === undefined || match === undefined) return failureReply('no-route');
  const preflight = plan.cors && answerPreflight(plan.cors, text);
  if (preflight !== undefined) return preflight;
  if (plan.redirect !== undefined) return redirect(plan.redirect, text, match.match.path);

  const backendPlan = plan.backends[plan.chooseBackend(services.random())];
  if (backendPlan?.backend === undefined) return failureReply('no-backend');
  exchange.backendPlan = backendPlan;
  exchange.backend = backendPlan.backend;
  const { requestEdits, rewrite } = backendPlan;
  exchange.edits = exchange.downstream.forwardedEdits();
  if (requestEdits !== undefined) exchange.edits.push(requestEdits);
  if (rewrite !== undefined) {
    exchange.host = rewrite.host;
    exchange.target = rewriteTarget(rewrite, text, match.match.path);
  }
  exchange.forwardsUpgrade = true;
  if (plan.replays) exchange.replay = new ReplayBuffer(services.limits.replayBytes);
  if (plan.timeouts?.requestMs) exchange.armRequestTimeout(plan.timeouts.requestMs);
  return undefined;
}

export function runResponseFilters(exchange: Exchange): readonly HeaderEdits[] {
  const { plan, backendPlan, text } = exchange;
  const own = backendPlan?.responseEdits;
  const cors = plan?.cors && corsEdits(plan.cors, text);
  if (cors !== undefined) return own === undefined ? [cors] : [cors, own];
  return own === undefined ? noEdits : [own];
}

const noEdits: readonly HeaderEdits[] = [];
