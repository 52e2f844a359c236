/**
 * After a 101 both connections carry what the two ends agreed on (RFC 9110 section 7.8): bytes
 * pass as they are, with backpressure and half-close, until both sides ended or one broke.
 *
 * A tunnel needs nothing of the config any more: reloads do not touch it.
 */
import type { BodySink } from './codec.ts';
import type { Exchange } from './exchange-state.ts';
import { Timeout } from './timeouts.ts';
import type { Connection, ConnectionHandler } from './transport/connection.ts';

/** The 101's head is in `sink`; ends with `exchange.responseCompleted`. */
export function openTunnel(exchange: Exchange, sink: BodySink): void {
  const { downstream, upstream, services } = exchange;
  if (upstream === undefined) return;
  sink.flush();
  exchange.disarm();
  const { wheel, limits } = services;
  let open = 2;
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    wheel.disarm(idle);
    downstream.connection.destroy();
    upstream.connection.destroy();
    exchange.responseCompleted();
  };
  const idle = new Timeout(finish);
  const active = (): void => wheel.arm(idle, limits.tunnelIdleMs);
  const closed = (to: Connection, error: Error | undefined): void => {
    open -= 1;
    if (open === 0 || error !== undefined) finish();
    else to.end();
  };
  const client = downstream.connection;
  const origin = upstream.connection;
  const fromClient = downstream.detach();
  const fromOrigin = upstream.detach();
  client.handler = passOn(client, origin, { active, closed });
  origin.handler = passOn(origin, client, { active, closed });
  active();
  origin.write(fromClient, 0, fromClient.length);
  client.write(fromOrigin, 0, fromOrigin.length);
  client.resume();
  origin.resume();
}

interface TunnelEvents {
  active(): void;
  closed(to: Connection, error: Error | undefined): void;
}

function passOn(from: Connection, to: Connection, events: TunnelEvents): ConnectionHandler {
  return {
    onBytes(bytes, start, end) {
      events.active();
      if (!to.write(bytes, start, end)) from.pause();
    },
    // Room on this side: the other one may send again.
    onWritable: () => to.resume(),
    onEnd: () => to.end(),
    onClose: (error) => events.closed(to, error),
  };
}
