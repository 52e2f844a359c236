import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStep } from './step.ts';

const preload = ['--import', './tools/require-node.mjs', '-e', 'console.log("started")'];
/** Runs before the guard and makes it see another version. */
const pretend = (version: string): string =>
  `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'${version}'}})`;
const startAs = (version: string) =>
  runStep({
    name: version,
    command: process.execPath,
    args: ['--import', pretend(version), ...preload],
  });

for (const version of ['24.12.0', '24.21.0', '25.0.0']) {
  test(`Node ${version} may run`, async () => {
    const { ok, output } = await startAs(version);
    assert.equal(ok, true);
    assert.equal(output, 'started\n');
  });
}

for (const version of ['18.20.0', '20.20.2', '24.11.9']) {
  test(`Node ${version} is told which one is needed`, async () => {
    const { ok, output } = await startAs(version);
    assert.equal(ok, false);
    assert.match(output, new RegExp(`needs Node 24.12 or newer, this is ${version}`));
  });
}
