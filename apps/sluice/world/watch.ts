/**
 * Tells that something below the watched paths changed. What changed is found by reading again:
 * notifications are hints, they may come twice, late or for an unrelated file.
 *
 * Each directory is watched by itself, and the directories are looked up again after every
 * notification: the recursive mode of `fs.watch` loses files that are replaced, which is how most
 * editors save.
 */
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';

/** An editor's save is several notifications; they are one change. */
const QUIET_MS = 40;

/** Calls `onChange` after each burst of notifications. Returns a function that stops it. */
export function watchPaths(
  paths: readonly string[],
  onChange: () => void,
  onError: (error: Error) => void,
): () => void {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    watchDirectories();
    onChange();
  };
  const notify = (): void => {
    clearTimeout(timer);
    timer = setTimeout(settle, QUIET_MS);
  };
  const watchDirectories = (): void => {
    const wanted = new Set(paths.flatMap(listDirectories));
    for (const [directory, watcher] of watchers) {
      if (wanted.has(directory)) continue;
      watcher.close();
      watchers.delete(directory);
    }
    for (const directory of wanted) {
      if (watchers.has(directory)) continue;
      const watcher = watch(directory, notify);
      watcher.on('error', onError);
      watchers.set(directory, watcher);
    }
  };
  watchDirectories();
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
  };
}

/** A file is watched through its directory: a file that is replaced is another file. */
function listDirectories(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  return found.isDirectory() ? walk(path) : [dirname(path)];
}

function walk(directory: string): string[] {
  try {
    const below = readdirSync(directory, { withFileTypes: true }).filter(
      (entry) =>
        entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules',
    );
    return [directory, ...below.flatMap(({ name }) => walk(join(directory, name)))];
  } catch {
    // It went away while it was looked at: the notification of that is on its way.
    return [];
  }
}
