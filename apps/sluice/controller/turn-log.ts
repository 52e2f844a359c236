/** One line for each turn that did something, or in which something failed. */
import type { ReconcileResult } from '@sluice/core';
import type { ProxyConfig } from '@sluice/model';
import type { Turn } from '@sluice/sansio';
import type { Log } from '../log.ts';

export function logTurn(turn: Turn<ReconcileResult, ProxyConfig>, log: Log): void {
  const tookMs = turn.endedAt - turn.startedAt;
  if (turn.kind === 'crashed') {
    const error = turn.error instanceof Error ? turn.error : new Error(String(turn.error));
    log.error('a turn failed; what is served stays', {
      tookMs,
      error: error.stack ?? error.message,
    });
    return;
  }
  const counts = new Map<string, number>();
  for (const outcome of turn.outcomes) {
    if (outcome.kind === 'failed') {
      const { effect, reason, message } = outcome;
      log.warn(message, { effect: effect.id, reason });
    }
    if (outcome.kind !== 'done' && outcome.kind !== 'failed') continue;
    const key = outcome.kind === 'done' ? outcome.effect.kind : `${outcome.effect.kind} failed`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  if (counts.size > 0)
    log.info('turn', { tookMs, wakes: turn.wakes.length, ...Object.fromEntries(counts) });
}
