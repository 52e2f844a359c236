/** `sluice gateway` serves a file's config, and goes on for a while after it was told to end. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildConfig, findFreePort } from '@sluice/testkit';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

test('new connections are served until the delay after SIGTERM is over', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-gateway-'));
  const port = await findFreePort();
  const config = buildConfig({ backends: {}, routes: [] });
  const binds = config.binds.map((bind) => ({ ...bind, bindPort: port }));
  const file = join(directory, 'proxy.json');
  await writeFile(file, JSON.stringify({ ...config, binds }));
  const args = ['--config', file, '--admin', '127.0.0.1:0', '--shutdown-delay-seconds', '2'];
  const child = spawn(process.execPath, [main, 'gateway', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  let log = '';
  const untilLogged = async (words: string): Promise<void> => {
    while (!log.includes(words)) log += String(await once(child.stderr, 'data'));
  };
  const ask = async (): Promise<number> => {
    const headers = { connection: 'close' };
    return (await fetch(`http://127.0.0.1:${port}/`, { headers })).status;
  };
  try {
    await untilLogged('started');
    assert.equal(await ask(), 404);
    child.kill('SIGTERM');
    await untilLogged('ending');
    assert.equal(await ask(), 404);
    assert.deepEqual(await ended, [0, null]);
    await assert.rejects(ask());
  } finally {
    child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  }
});
