/**
 * Tells that something below the watched paths changed. What changed is found by reading again:
 * notifications are hints, they may come twice, late or for an unrelated file.
 */
import { type FSWatcher, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';

/** An editor's save is several notifications; they are one change. */
const QUIET_MS = 40;

/** Calls `onChange` after each burst of notifications. Returns a function that stops it. */
export function watchPaths(
  paths: readonly string[],
  onChange: () => void,
  onError: (error: Error) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const notify = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  };
  const directories = new Set(paths.map(directoryOf));
  const watchers: FSWatcher[] = [];
  for (const directory of directories) {
    const watcher = watch(directory, { recursive: true }, notify);
    watcher.on('error', onError);
    watchers.push(watcher);
  }
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

/** A file is watched through its directory: editors replace files instead of writing them. */
function directoryOf(path: string): string {
  return statSync(path).isDirectory() ? path : dirname(path);
}
