import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS, METHOD, parseRequestHead, RequestHead } from '@sluice/wire';
import { defaultLimits } from '../limits.ts';
import { Metrics } from '../metrics.ts';
import { createEndpoint, Pool } from '../pool.ts';
import { TimeoutWheel } from '../timeouts.ts';
import { connectionTo } from '../transport/sample-connection.ts';
import { Outbox } from './outbox.ts';
import { Http1Upstream } from './upstream.ts';

const request = Buffer.from('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n');
const response = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');

/** A request that waits in the outbox, and what its exchange hears. */
function sendRequest() {
  const heard: string[] = [];
  const outbox = new Outbox();
  const wheel = new TimeoutWheel(() => 0);
  const endpoint = createEndpoint('127.0.0.1', 80);
  const createUpstream = () => {
    throw new Error('nothing is dialled');
  };
  const pool = new Pool({
    limits: defaultLimits,
    native: false,
    wheel,
    metrics: new Metrics(),
    createUpstream,
  });
  const host = { pool, outbox, wheel, wireLimits: DEFAULT_LIMITS, silenceMs: 1_000 };
  const departed: string[] = [];
  const upstream = new Http1Upstream(connectionTo(departed, 'origin'), endpoint, host);
  const requestHead = new RequestHead(DEFAULT_LIMITS);
  parseRequestHead(requestHead, request, 0, request.length);
  const user = {
    responseArrived: () => void heard.push('response'),
    interimArrived: () => void heard.push('interim'),
    responseCompleted: () => void heard.push('completed'),
    upstreamFailed: (failure: string) => void heard.push(failure),
    requestWritable() {},
  };
  const sink = upstream.send(user, {
    requestHead,
    target: '',
    host: '',
    forwardsUpgrade: false,
    edits: [],
  });
  sink.finish(requestHead.fields);
  sink.flush();
  return { upstream, outbox, wheel, endpoint, heard, user, departed };
}

test('an answer to a request that left is its answer', () => {
  const { upstream, outbox, wheel, heard } = sendRequest();
  outbox.flush();
  upstream.onBytes(response, 0, response.length);
  assert.deepEqual(heard, ['response']);
  wheel.close();
});

test('what comes before the request left is no answer to it, and its connection is not kept', () => {
  const { upstream, wheel, endpoint, heard } = sendRequest();
  upstream.onBytes(response, 0, response.length);
  assert.deepEqual(heard, ['upstream-reset']);
  upstream.release();
  assert.equal(endpoint.idle.length, 0);
  wheel.close();
});

test('an encoded request does not overtake the end of the one before', () => {
  const { upstream, wheel, user, departed } = sendRequest();
  upstream.sendEncoded(user, METHOD.GET, request);
  const [sent = ''] = departed;
  assert.ok(sent.endsWith(request.toString()));
  assert.equal(sent.match(/GET /g)?.length, 2);
  wheel.close();
});
