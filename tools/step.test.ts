import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStep, runSteps } from './step.ts';

const node = (name: string, code: string) => ({
  name,
  command: process.execPath,
  args: ['-e', code],
});

test('a step that exits with 0 is fine, and its output is kept', async () => {
  const outcome = await runStep(node('fine', 'console.log("out"); console.error("err")'));
  assert.equal(outcome.ok, true);
  assert.match(outcome.output, /out/);
  assert.match(outcome.output, /err/);
});

test('an exit code, a signal and a missing program are failures that say so', async () => {
  const exit = await runStep(node('exit', 'process.exit(3)'));
  assert.equal(exit.ok, false);
  const killed = await runStep(node('signal', 'process.kill(process.pid, "SIGKILL")'));
  assert.equal(killed.ok, false);
  assert.match(killed.output, /SIGKILL/);
  const missing = await runStep({ name: 'missing', command: 'no-such-program', args: [] });
  assert.equal(missing.ok, false);
  assert.match(missing.output, /ENOENT/);
});

test('every step runs once and is reported', async () => {
  const seen: string[] = [];
  const steps = ['a', 'b', 'c'].map((name) => node(name, `process.exit(${name === 'b' ? 1 : 0})`));
  const outcomes = await runSteps(steps, 2, ({ name }) => seen.push(name));
  assert.deepEqual(seen.sort(), ['a', 'b', 'c']);
  assert.deepEqual(
    outcomes.filter(({ ok }) => !ok).map(({ name }) => name),
    ['b'],
  );
});

test('a git hook does not leak its repository into the step', async () => {
  process.env['GIT_DIR'] = 'elsewhere';
  const outcome = await runStep(node('env', 'console.log(process.env.GIT_DIR)'));
  delete process.env['GIT_DIR'];
  assert.equal(outcome.output.trim(), 'undefined');
});

test('a step that takes too long is ended with all it has started', async () => {
  // The step's output ends only when both have gone.
  const start = `const { spawn } = require('node:child_process');
    const late = 'setTimeout(() => console.log("survived"), 5000)';
    spawn(process.execPath, ['-e', late], { stdio: 'inherit' });
    setInterval(() => {}, 1000);`;
  const outcome = await runStep({ ...node('slow', start), timeoutMs: 1_000 });
  assert.equal(outcome.ok, false);
  assert.match(outcome.output, /ended by SIGKILL/);
  assert.doesNotMatch(outcome.output, /survived/);
});
