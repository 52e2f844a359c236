import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { watchPaths } from './watch.ts';

const TIMEOUT_MS = 5000;

/** Runs each change and waits until it is noticed. */
async function expectNotices(
  directory: string,
  path: string,
  changes: readonly (() => void)[],
): Promise<void> {
  let notice: (() => void) | undefined;
  const stop = watchPaths(
    [path],
    () => notice?.(),
    (error) => assert.fail(error),
  );
  try {
    const expectNotice = (change: () => void, index: number): Promise<void> =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`missed change ${index}`)), TIMEOUT_MS);
        notice = () => {
          clearTimeout(timer);
          resolve();
        };
        change();
      });
    for (const [index, change] of changes.entries()) await expectNotice(change, index);
  } finally {
    stop();
    rmSync(directory, { recursive: true });
  }
}

test('files that are written, replaced again and again, or new in new directories are noticed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-watch-'));
  const file = join(directory, 'a.yaml');
  writeFileSync(file, '0');
  const replace = (text: string) => () => {
    writeFileSync(`${directory}-next`, text);
    renameSync(`${directory}-next`, file);
  };
  return expectNotices(directory, directory, [
    () => writeFileSync(file, '1'),
    replace('2'),
    replace('3'),
    () => writeFileSync(file, '4'),
    () => mkdirSync(join(directory, 'sub')),
    () => writeFileSync(join(directory, 'sub', 'b.yaml'), '5'),
    () => rmSync(file),
  ]);
});

test('a single file is noticed after it was replaced', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-watch-'));
  const file = join(directory, 'a.yaml');
  writeFileSync(file, '0');
  const replace = () => {
    writeFileSync(`${directory}-next`, '1');
    renameSync(`${directory}-next`, file);
  };
  return expectNotices(directory, file, [replace, replace, () => writeFileSync(file, '2')]);
});
