/** A process is known by its id and its start, whatever its name is. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { endProcess, identifyProcess, isRunning, parseProcessStat } from './process-identity.ts';

test('names in parentheses do not shift the fields', () => {
  const rest = `${Array.from({ length: 18 }, (_, index) => index).join(' ')} 4711 0 0`;
  assert.deepEqual(parseProcessStat(`12 (a) S (b c) S ${rest}`), { pid: 12, startTicks: 4711 });
  assert.equal(parseProcessStat(`12 (node) Z ${rest}`), undefined);
});

test('a process that started at another time is another one', async () => {
  const child = spawn('sleep', ['60']);
  const ended = once(child, 'exit');
  const identity = identifyProcess(child.pid ?? 0);
  assert.ok(identity !== undefined && isRunning(identity));
  await endProcess({ ...identity, startTicks: identity.startTicks - 1 });
  assert.ok(isRunning(identity));
  await endProcess(identity);
  assert.deepEqual(await ended, [null, 'SIGTERM']);
  assert.equal(isRunning(identity), false);
});
