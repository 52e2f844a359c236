import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import { ApiError, type Client, type KubeObject } from '@sluice/kube';
import { samplePod } from './sample-pod.ts';
import { StatusReporter } from './status-reporter.ts';

const running = { kind: 'running', startedAt: '2026-01-02T03:04:05.000Z' } as const;

/** Each write waits until it is let go; the next of `codes` other than 200 refuses it. */
function startReporter(...codes: readonly number[]) {
  const problems: string[] = [];
  const written: KubeObject[] = [];
  const waiting: (() => void)[] = [];
  const writing = new EventEmitter();
  const client: Pick<Client, 'apply'> = {
    async apply(_resource, object) {
      written.push(object);
      writing.emit('write');
      await new Promise<void>((done) => waiting.push(done));
      const code = codes[written.length - 1] ?? 200;
      if (code !== 200) throw new ApiError('apply', undefined, { code });
      return object;
    },
  };
  const reporter = new StatusReporter(samplePod(), {
    client: client as Client,
    hostIp: '10.0.0.1',
    log: (line) => problems.push(line),
  });
  return {
    reporter,
    problems,
    readiness: () => written.map(isReady),
    release: () => waiting.shift()?.(),
    async untilWritten(count: number) {
      while (written.length < count) await once(writing, 'write');
    },
  };
}

function isReady({ status }: KubeObject): boolean {
  const { conditions } = status as { conditions: { type: string; status: string }[] };
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

test('what changes at once, and while a write is under way, is one write', async () => {
  const { reporter, untilWritten, release, readiness } = startReporter();
  reporter.update({ podIp: '10.0.1.1' });
  reporter.setContainer('main', { state: running, restarts: 0, ready: false });
  await untilWritten(1);
  reporter.setContainer('main', { state: running, restarts: 0, ready: true });
  reporter.setContainer('main', { state: running, restarts: 1, ready: false });
  reporter.setContainer('main', { state: running, restarts: 1, ready: true });
  release();
  await untilWritten(2);
  // Nothing new.
  reporter.setContainer('main', { state: running, restarts: 1, ready: true });
  release();
  await reporter.close();
  assert.deepEqual(readiness(), [false, true]);
});

test('a write that failed is made again, with what holds by then', async () => {
  const { reporter, untilWritten, release, readiness, problems } = startReporter(500);
  reporter.setContainer('main', { state: running, restarts: 0, ready: false });
  await untilWritten(1);
  release();
  reporter.setContainer('main', { state: running, restarts: 0, ready: true });
  await untilWritten(2);
  release();
  await reporter.close();
  assert.deepEqual(readiness(), [false, true]);
  assert.deepEqual(problems, ['status of Pod store/shop-1: apply: 500 no reason given']);
});

for (const code of [404, 409]) {
  test(`a Pod that is gone (${code}) is written to no more`, async () => {
    const { reporter, untilWritten, release, readiness, problems } = startReporter(code);
    reporter.setContainer('main', { state: running, restarts: 0, ready: false });
    await untilWritten(1);
    release();
    await reporter.close();
    assert.equal(readiness().length, 1);
    assert.deepEqual(problems, []);
  });
}
