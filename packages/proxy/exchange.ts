/**
 * The life of a request, phase by phase. Every protocol and every feature passes through here, and
 * nothing here knows a protocol.
 *
 *   match → request filters → (local reply?) → pick → connect → send → response filters →
 *   stream → log
 *
 * A phase that fails says so in `exchange.failure`; the loop decides whether there is another try.
 */
import type { Exchange } from './exchange-state.ts';
import { runRequestFilters, runResponseFilters } from './filters.ts';
import { logExchange } from './log.ts';
import { matchRoute } from './matching.ts';
import { backOff, mayRetry } from './retry.ts';
import { connect, connected, pickEndpoint, send, stream } from './try.ts';

export async function runExchange(exchange: Exchange): Promise<void> {
  try {
    const local = matchRoute(exchange) ?? runRequestFilters(exchange);
    if (local !== undefined) return exchange.reply(local);
    do {
      exchange.beginTry();
      if (pickEndpoint(exchange) && (connect(exchange) || (await connected(exchange)))) {
        send(exchange);
        await exchange.wait();
      }
    } while (mayRetry(exchange) && (await backOff(exchange)));
    if (exchange.failure === undefined) {
      stream(exchange, runResponseFilters(exchange));
      while (!exchange.isSettled) await exchange.wait();
    }
    if (exchange.failure !== undefined) exchange.giveUp(exchange.failure);
  } catch (error) {
    exchange.giveUp('internal');
    exchange.services.metrics.crashed(error);
  } finally {
    exchange.disarm();
    exchange.releaseUpstream();
    logExchange(exchange);
    exchange.downstream.exchangeEnded();
  }
}
