/** The match phase: listener by host, then the route's rule. */
import { actionOf, matchRequest, selectListener } from '@sluice/model';
import { METHOD, TARGET_ASTERISK } from '@sluice/wire';
import type { Exchange } from './exchange-state.ts';
import type { Failure } from './failure.ts';
import { failureReply, type LocalReply, noBody } from './reply.ts';

/** Sets `exchange.match`, or gives the reply that ends the exchange. */
export function matchRoute(exchange: Exchange): LocalReply | undefined {
  const { bind, text, downstream } = exchange;
  if (downstream.head.targetForm === TARGET_ASTERISK) return serverOptions;
  const listener = bind === undefined ? undefined : selectListener(bind, text.host);
  const tls = downstream.connection.tls;
  if (bind !== undefined && tls !== undefined) {
    // Certificates and client validation were those of the listener that the server name chose,
    // the one for every host where the client sent none (RFC 9110 section 7.4).
    if (listener !== selectListener(bind, tls.serverName)) return failureReply('misdirected');
  }
  if (listener === undefined) return failureReply('no-listener');
  const match = matchRequest(listener, text);
  exchange.match = match;
  exchange.rule = match && actionOf(match, text.hostMemo);
  const failure = judgeMatch(exchange);
  return failure === undefined ? undefined : failureReply(failure);
}

function judgeMatch({ plan }: Exchange): Failure | undefined {
  if (plan === undefined) return 'no-route';
  if (plan.invalid) return 'invalid-rule';
  return undefined;
}

/** `OPTIONS *` asks the server itself (RFC 9110 section 9.3.7): that is us, not an origin. */
const serverOptions: LocalReply = {
  statusCode: 200,
  fields: [{ name: 'Allow', value: Object.keys(METHOD).join(', ') }],
  body: noBody,
  failure: undefined,
};
