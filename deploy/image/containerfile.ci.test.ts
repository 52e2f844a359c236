/**
 * The Containerfile's own steps, without a container runtime: the files that its context keeps,
 * its RUN lines in a copy of them, and the entry point on what they made.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, matchesGlob, resolve } from 'node:path';
import { test } from 'node:test';

const repository = resolve(import.meta.dirname, '../..');
const containerfile = readFileSync(join(repository, 'deploy/Containerfile'), 'utf8');

function instructions(name: string): string[] {
  const pattern = new RegExp(`^${name} (.*)$`, 'gm');
  return [...containerfile.matchAll(pattern)].map((match) => match[1] ?? '');
}

/** Of the files that git knows, those that the ignore file lets through: its last match decides. */
function contextFiles(): string[] {
  const patterns = readFileSync(join(repository, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const listing = execFileSync('git', ['ls-files'], { cwd: repository, encoding: 'utf8' });
  return listing
    .trim()
    .split('\n')
    .filter((file) => {
      const last = patterns.findLast((line) => covers(line.replace(/^!/, ''), file));
      return last?.startsWith('!') === true;
    });
}

function covers(pattern: string, file: string): boolean {
  return matchesGlob(file, pattern) || matchesGlob(file, `${pattern}/**`);
}

test('the steps of the Containerfile give an image that runs', { timeout: 600_000 }, () => {
  const source = mkdtempSync(join(tmpdir(), 'sluice-context-'));
  const image = mkdtempSync(join(tmpdir(), 'sluice-image-'));
  try {
    const files = contextFiles();
    assert.ok(files.includes('apps/sluice/main.ts'));
    assert.deepEqual(
      files.filter((it) => /\.test\.ts$|^(bench|conformance)\//.test(it)),
      [],
    );
    for (const file of files) {
      mkdirSync(dirname(join(source, file)), { recursive: true });
      cpSync(join(repository, file), join(source, file));
    }
    const steps = instructions('RUN');
    assert.equal(steps.length, 2);
    for (const step of steps) {
      const command = step.replaceAll('/image', image);
      execFileSync('sh', ['-c', command], { cwd: source, stdio: ['ignore', 'inherit', 'inherit'] });
    }
    const [entry = ''] = instructions('ENTRYPOINT');
    const program = (JSON.parse(entry) as string[]).map((path) => join(image, path));
    const answer = execFileSync(program[0] ?? '', [...program.slice(1), 'version'], {
      encoding: 'utf8',
    });
    assert.match(answer, /^sluice \d/);
    assert.deepEqual(instructions('USER'), ['65532:65532']);
  } finally {
    for (const folder of [source, image]) rmSync(folder, { recursive: true, force: true });
  }
});
