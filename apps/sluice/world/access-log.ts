/**
 * Where access log lines go: a file, stdout, or nowhere. They come in batches of about 64 KiB.
 *
 * A file is written synchronously, as a write of that size to the page cache costs less than
 * handing it to another thread; a pipe or terminal may be slow, so it is written asynchronously,
 * and past a limit lines are dropped and counted, never requests.
 */
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { UsageError } from '../exit-code.ts';

/** Bytes that may wait for a pipe. */
const PENDING_BYTES_MAX = 8 * 1024 * 1024;

export interface AccessLogFile {
  /** Takes whole lines, valid only during the call; absent: there is no access log. */
  readonly accessLog?: (lines: Uint8Array) => void;
  readonly close: () => void;
}

/** `path`: a file to append to, `-` for stdout, empty for none. */
export function openAccessLog(path: string): AccessLogFile {
  if (path === '') return { close: () => {} };
  if (path === '-') return { accessLog: streamWriter(process.stdout), close: () => {} };
  try {
    const file = openSync(path, 'a', 0o640);
    const isRegular = fstatSync(file).isFile();
    if (isRegular) return { accessLog: fileWriter(file, path), close: () => closeSync(file) };
    closeSync(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the access log ${path} can't be opened: ${why}`);
  }
  throw new UsageError(`the access log ${path} is not a regular file; use - for stdout`);
}

/** A full disk loses lines and says so once; it does not end the proxy. */
function fileWriter(file: number, path: string): (lines: Uint8Array) => void {
  let failed = false;
  return (lines) => {
    try {
      writeWhole(file, lines);
      failed = false;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!failed) process.stderr.write(`sluice: the access log ${path} loses lines: ${why}\n`);
      failed = true;
    }
  };
}

function writeWhole(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

function streamWriter(stream: NodeJS.WriteStream): (lines: Uint8Array) => void {
  let dropped = 0;
  return (lines) => {
    if (stream.destroyed || stream.writableLength > PENDING_BYTES_MAX) {
      dropped += 1;
      return;
    }
    if (dropped > 0) stream.write(`${JSON.stringify({ droppedBatches: dropped })}\n`);
    dropped = 0;
    stream.write(Buffer.from(lines));
  };
}
