/**
 * Mirrors: copies of a request that never touch its exchange. The copy is encoded beside the
 * original and sent once the body is complete; its response is read and forgotten.
 */
import {
  type FieldSection,
  FRAMING_CHUNKED,
  Output,
  type RequestHead,
  RequestHeadPlan,
  writeChunkEnd,
  writeChunkStart,
  writeLastChunk,
  writeRequestHead,
} from '@sluice/wire';
import type { Backend } from './backends.ts';
import type { Upstream, UpstreamUser } from './codec.ts';
import type { Exchange } from './exchange-state.ts';
import { discardingSink } from './http1/body-pump.ts';
import type { ReplayBuffer } from './replay.ts';
import type { Services } from './services.ts';

/** Beside the body: a head after editing, chunk framing and trailers. */
const headRoomBytes = 96 * 1024;

/** Decides which mirrors get a copy; `replay` is empty yet. */
export function startMirrors(exchange: Exchange, replay: ReplayBuffer): void {
  const { services, backendPlan } = exchange;
  const chosen = (backendPlan?.mirrors ?? []).filter(({ share }) => services.random() < share);
  if (chosen.length === 0) return;
  const head = exchange.requestHead;
  const { method, framing } = head;
  const headBytes = encodeHead(exchange);
  replay.onSettled = (isWhole) => {
    if (!isWhole) {
      exchange.flags = 'mirror-too-large';
      services.metrics.mirrorsDropped += chosen.length;
      return;
    }
    const bytes = Buffer.concat([headBytes, ...encodeBody(replay, framing)]);
    for (const { backend } of chosen) sendMirror(services, backend, { method, bytes });
  };
}

function encodeHead(exchange: Exchange): Uint8Array {
  const head: RequestHead = exchange.requestHead;
  const output = new Output(Buffer.allocUnsafe(headRoomBytes));
  const plan = new RequestHeadPlan();
  plan.target = exchange.target;
  plan.host = exchange.host;
  plan.edits = exchange.edits;
  const length = writeRequestHead(output, head, plan);
  return output.bytes.subarray(0, Math.max(length, 0));
}

function encodeBody(replay: ReplayBuffer, framing: number): readonly Uint8Array[] {
  if (framing !== FRAMING_CHUNKED) return replay.parts;
  const body = Buffer.concat(replay.parts);
  const parts: Uint8Array[] = [];
  if (body.length > 0) {
    parts.push(
      encode((output) => writeChunkStart(output, body.length)),
      body,
      encode(writeChunkEnd),
    );
  }
  const trailers: FieldSection | undefined = replay.trailers;
  if (trailers !== undefined) parts.push(encode((output) => void writeLastChunk(output, trailers)));
  return parts;
}

function encode(write: (output: Output) => void): Uint8Array {
  const output = new Output(Buffer.allocUnsafe(headRoomBytes));
  write(output);
  return output.bytes.subarray(0, output.at);
}

interface MirrorRequest {
  readonly method: number;
  readonly bytes: Uint8Array;
}

let inFlight = 0;

function sendMirror(services: Services, backend: Backend, request: MirrorRequest): void {
  const { metrics, pool, limits } = services;
  const index = backend.balancer?.pick({ random: services.random(), hash: 0 }) ?? -1;
  const endpoint = backend.endpoints[index];
  if (endpoint === undefined || backend.protocol === 'h2c' || inFlight >= limits.mirrors) {
    metrics.mirrorsDropped += 1;
    return;
  }
  metrics.mirrored += 1;
  inFlight += 1;
  const kept = pool.take(endpoint);
  if (kept !== undefined) {
    runMirror(kept, request);
    return;
  }
  pool.connect(
    endpoint,
    (upstream) => runMirror(upstream, request),
    () => {
      inFlight -= 1;
      metrics.mirrorsDropped += 1;
    },
  );
}

function runMirror(upstream: Upstream, request: MirrorRequest): void {
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    inFlight -= 1;
    upstream.release();
  };
  const user: UpstreamUser = {
    responseArrived: () => upstream.readBody(discardingSink),
    interimArrived() {},
    responseCompleted: finish,
    upstreamFailed: finish,
    requestWritable() {},
  };
  upstream.sendEncoded(user, request.method, request.bytes);
}
