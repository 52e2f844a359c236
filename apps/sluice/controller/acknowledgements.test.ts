import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AcknowledgementLimits,
  createAcknowledgements,
  type Question,
} from './acknowledgements.ts';

const GATEWAY = 'default/web';

/** Pods that answer when the test says so. */
function createFleet(limits: Partial<AcknowledgementLimits> = {}) {
  const open: { question: Question; answer: (version: string) => void; fail: () => void }[] = [];
  const news: string[] = [];
  let asked = 0;
  const acknowledgements = createAcknowledgements({
    ask: (question) =>
      new Promise((resolve, reject) => {
        asked += 1;
        const end = (): void => void open.splice(open.indexOf(entry), 1);
        const entry = {
          question,
          answer(version: string) {
            end();
            resolve(version);
          },
          fail() {
            end();
            reject(new Error('refused'));
          },
        };
        question.signal.addEventListener('abort', () => entry.fail());
        open.push(entry);
      }),
    onNews: (gateway) => news.push(gateway),
    limits: { backoffInitialMs: 1, backoffMaxMs: 2, ...limits },
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  const ready = (...addresses: string[]) =>
    acknowledgements.follow(new Map([[GATEWAY, addresses]]));
  return { acknowledgements, open, news, settle, ready, asked: () => asked };
}

const ackOf = (version: string) => ({ gateway: GATEWAY, version, instance: '10.0.0.1' });

test('nobody is asked before there is something to ask for, nor after the answer', async () => {
  const { acknowledgements, open, news, settle, ready, asked } = createFleet();
  ready('10.0.0.1');
  await settle();
  assert.equal(asked(), 0);
  acknowledgements.expect(GATEWAY, 'v1');
  await settle();
  assert.deepEqual(acknowledgements.list(), [ackOf('')]);
  open[0]!.answer('v1');
  await settle();
  assert.deepEqual(acknowledgements.list(), [ackOf('v1')]);
  assert.deepEqual(news, [GATEWAY]);
  ready('10.0.0.1');
  acknowledgements.expect(GATEWAY, 'v1');
  await settle();
  assert.equal(asked(), 1);
});

test('a newer version ends the question for the older one', async () => {
  const { acknowledgements, open, settle, ready } = createFleet();
  acknowledgements.expect(GATEWAY, 'v1');
  ready('10.0.0.1');
  await settle();
  acknowledgements.expect(GATEWAY, 'v2');
  await settle();
  assert.deepEqual(
    open.map(({ question }) => question.version),
    ['v2'],
  );
});

test('who fails or is behind is asked again, until it serves what is wanted', async () => {
  const { acknowledgements, open, settle, ready, asked } = createFleet();
  acknowledgements.expect(GATEWAY, 'v2');
  ready('10.0.0.1');
  await settle();
  open[0]!.fail();
  await settle();
  open[0]!.answer('v1');
  await settle();
  assert.deepEqual(acknowledgements.list(), [ackOf('v1')]);
  open[0]!.answer('v2');
  await settle();
  assert.equal(open.length, 0);
  assert.equal(asked(), 3);
});

test('a Pod that is no longer ready is not waited for, a new one is', async () => {
  const { acknowledgements, open, settle, ready } = createFleet();
  acknowledgements.expect(GATEWAY, 'v1');
  ready('10.0.0.1', '10.0.0.2');
  await settle();
  open.find(({ question }) => question.address === '10.0.0.1')!.answer('v1');
  ready('10.0.0.1', '10.0.0.3');
  await settle();
  assert.deepEqual(
    open.map(({ question }) => question.address),
    ['10.0.0.3'],
  );
  acknowledgements.follow(new Map());
  await settle();
  assert.deepEqual(acknowledgements.list(), []);
  assert.equal(open.length, 0);
});

test('no more than the limit are asked at a time', async () => {
  const { acknowledgements, open, settle, ready } = createFleet({ questionsMax: 2 });
  acknowledgements.expect(GATEWAY, 'v1');
  ready('10.0.0.1', '10.0.0.2', '10.0.0.3');
  await settle();
  assert.equal(open.length, 2);
  open[0]!.answer('v1');
  await settle();
  assert.equal(open.length, 2);
  acknowledgements.stop();
  await settle();
  assert.equal(open.length, 0);
});
