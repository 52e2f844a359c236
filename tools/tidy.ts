/**
 * `node tools/tidy.ts`: the rules of this repository that no compiler checks. Prints one line a
 * problem; exit code 1 when there is any.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { countSoft } from './tidy/guards/limits.ts';
import { createSourceFile, type SourceFile } from './tidy/source-file.ts';
import { findProblems } from './tidy/tidy.ts';

const binary = /\.(png|jpe?g|gif|ico|woff2?|gz|tgz|wasm|pem|der|bin)$/;

const files = readRepository();
const problems = findProblems(files);
for (const { path, line, message } of problems) console.log(`${path}:${line}: ${message}`);
console.log(`${files.length} files, ${problems.length} problems; ${countSoft(files)}`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** What git tracks or would track. */
function readRepository(): SourceFile[] {
  const list = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return [...new Set(list.split('\0'))]
    .filter((path) => path !== '' && !binary.test(path))
    .flatMap((path) => {
      const text = readText(path);
      return text === undefined ? [] : [createSourceFile(path, text)];
    });
}

/** A file that git still lists may be deleted already. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
