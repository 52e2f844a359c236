/**
 * Where access log lines go: a file, stdout, or nowhere.
 *
 * Lines are joined to large writes. A file is written synchronously, as a write of 64 KiB to the
 * page cache costs less than handing it to another thread; a pipe or terminal may be slow, so it
 * is written asynchronously, and past a limit lines are dropped and counted, never requests.
 */
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { UsageError } from '../exit-code.ts';

/** Characters after which waiting lines are written. */
const BATCH_LENGTH = 64 * 1024;
/** Longest that a line waits. */
const BATCH_MS = 250;
/** Bytes that may wait for a pipe. */
const PENDING_BYTES_MAX = 8 * 1024 * 1024;

export interface AccessLogFile {
  /** Takes whole lines; absent: there is no access log. */
  readonly accessLog?: (lines: string) => void;
  /** Writes what waits. */
  readonly close: () => void;
}

/** `path`: a file to append to, `-` for stdout, empty for none. */
export function openAccessLog(path: string): AccessLogFile {
  if (path === '') return { close: () => {} };
  if (path === '-') return batchLines(streamWriter(process.stdout), () => {});
  try {
    const file = openSync(path, 'a', 0o640);
    const isRegular = fstatSync(file).isFile();
    if (isRegular) return batchLines(fileWriter(file, path), () => closeSync(file));
    closeSync(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the access log ${path} can't be opened: ${why}`);
  }
  throw new UsageError(`the access log ${path} is not a regular file; use - for stdout`);
}

function batchLines(write: (lines: string) => void, close: () => void): AccessLogFile {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === '') return;
    const lines = waiting;
    waiting = '';
    write(lines);
  };
  return {
    accessLog(lines) {
      waiting += lines;
      if (waiting.length >= BATCH_LENGTH) flush();
      else timer ??= setTimeout(flush, BATCH_MS).unref();
    },
    close() {
      flush();
      close();
    },
  };
}

/** A full disk loses lines and says so once; it does not end the proxy. */
function fileWriter(file: number, path: string): (lines: string) => void {
  let failed = false;
  return (lines) => {
    try {
      writeWhole(file, Buffer.from(lines, 'utf8'));
      failed = false;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!failed) process.stderr.write(`sluice: the access log ${path} loses lines: ${why}\n`);
      failed = true;
    }
  };
}

function writeWhole(file: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

function streamWriter(stream: NodeJS.WriteStream): (lines: string) => void {
  let dropped = 0;
  return (lines) => {
    if (stream.destroyed || stream.writableLength > PENDING_BYTES_MAX) {
      dropped += 1;
      return;
    }
    const note = dropped > 0 ? `${JSON.stringify({ droppedBatches: dropped })}\n` : '';
    dropped = 0;
    stream.write(note + lines);
  };
}
