/** What is in the image is enough to run it, as its user and with nothing else around. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { writeImage } from './image-files.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-image-'));
before(() => writeImage(root));
after(() => rmSync(root, { recursive: true, force: true }));

/** With another root where that is allowed: as root. */
function runInImage(...args: readonly string[]): string {
  const [node, program] = ['/usr/local/bin/node', '/app/sluice.js'];
  const isRoot = process.getuid?.() === 0;
  const command = isRoot
    ? ['chroot', '--userspec=65532:65532', root, node, program, ...args]
    : [join(root, node), join(root, program), ...args];
  return execFileSync(command[0] ?? '', command.slice(1), {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
}

describe('image', () => {
  test('runs', () => {
    assert.match(runInImage('version'), /^sluice \d+\.\d+\.\d+ \(Gateway API v1\.7\.0, Node\.js /);
    assert.match(runInImage('controller', '--help'), /--controller-name/);
  });

  test('has no sources, no shell and no tests', () => {
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
    assert.ok(files.includes('app/sluice.js'));
    assert.deepEqual(
      files.filter((file) => /\.(ts|test\.js|map)$|(^|\/)(sh|bash|npm)$/.test(file)),
      [],
    );
    assert.deepEqual(readdirSync(join(root, 'usr/local/bin')), ['node']);
  });

  test('says under which licences its parts are', () => {
    const licences = readdirSync(join(root, 'licenses'));
    for (const name of ['sluice', 'commander', 'yaml', 're2js']) {
      assert.ok(licences.includes(name), `${name} is not among ${licences.join(', ')}`);
    }
  });
});
