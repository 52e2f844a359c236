/** Programs that are there are not built again; a change of a module is a change of its hash. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { ensureBinaries } from './binaries.ts';
import { goModules, moduleHash } from './go-module.ts';

test('programs in the cache are used as they are', async () => {
  await inTemporary(async (cacheDirectory) => {
    const lines: string[] = [];
    const etcd = join(cacheDirectory, moduleHash(resolve('conformance/etcd')), 'etcd');
    const suite = join(cacheDirectory, moduleHash(resolve('conformance/suite')));
    for (const path of [etcd, join(suite, 'echo-basic'), join(suite, 'conformance.test')]) {
      mkdirSync(resolve(path, '..'), { recursive: true });
      writeFileSync(path, '');
    }
    const report = (line: string): unknown => lines.push(line);
    const paths = await ensureBinaries(['etcd', 'conformance.test'], { report, cacheDirectory });
    assert.deepEqual(paths, { etcd, 'conformance.test': join(suite, 'conformance.test') });
    assert.deepEqual(lines, []);
  });
});

test('without Go the error says what to install', async () => {
  await inTemporary(async (cacheDirectory) => {
    const path = process.env['PATH'];
    // 127 is what nice answers when it finds no program of that name.
    process.env['PATH'] = cacheDirectory;
    writeFileSync(join(cacheDirectory, 'nice'), '#!/bin/sh\nexit 127\n', { mode: 0o755 });
    try {
      const building = ensureBinaries(['etcd'], { report: () => {}, cacheDirectory });
      await assert.rejects(building, /Go is missing: install Go/);
    } finally {
      process.env['PATH'] = path;
    }
  });
});

test('the hash of a module follows its files', async () => {
  await inTemporary(async (folder) => {
    assert.throws(() => moduleHash(folder), /no go\.mod/);
    writeFileSync(join(folder, 'go.mod'), 'module a\n');
    const before = moduleHash(folder);
    writeFileSync(join(folder, 'README.md'), 'not a source');
    assert.equal(moduleHash(folder), before);
    writeFileSync(join(folder, 'go.sum'), 'a v1.0.0 h1:…\n');
    assert.notEqual(moduleHash(folder), before);
  });
});

test('each program comes from one module', () => {
  const names = goModules.flatMap(({ programs }) => [...programs.keys()]);
  assert.equal(new Set(names).size, names.length);
});

async function inTemporary(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-build-'));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
