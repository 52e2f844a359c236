import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openAccessLog } from './access-log.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-log-'));
after(() => rmSync(directory, { recursive: true }));

test('lines are appended whole and in order', () => {
  const path = join(directory, 'access.log');
  const lines = Array.from({ length: 5000 }, (_, index) => `{"index":${index},"é":1}\n`);
  for (const half of [lines.slice(0, 2500), lines.slice(2500)]) {
    const log = openAccessLog(path);
    for (const line of half) log.accessLog?.(Buffer.from(line));
    log.close();
  }
  assert.equal(readFileSync(path, 'utf8'), lines.join(''));
});

test('a file that can not be opened is a usage error that names it', () => {
  const path = join(directory, 'nowhere', 'access.log');
  assert.throws(() => openAccessLog(path), /the access log .*nowhere\/access\.log can't be opened/);
  assert.throws(() => openAccessLog('/dev/null'), /not a regular file/);
});

test('no path, no log', () => {
  assert.equal(openAccessLog('').accessLog, undefined);
});
