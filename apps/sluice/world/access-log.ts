/** Where access log lines go: a file, stdout, or nowhere. A slow disk loses lines, not requests. */

import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';

/** Bytes that may wait for the disk or the pipe; past them lines are dropped and counted. */
const PENDING_BYTES_MAX = 8 * 1024 * 1024;

export interface AccessLogFile {
  /** Takes whole lines; absent: there is no access log. */
  readonly accessLog?: (lines: string) => void;
  readonly close: () => Promise<void>;
}

/** `path`: a file to append to, `-` for stdout, empty for none. */
export function openAccessLog(path: string): AccessLogFile {
  if (path === '') return { close: async () => {} };
  if (path === '-') return { accessLog: boundedSink(process.stdout), close: async () => {} };
  const stream = createWriteStream(path, { flags: 'a', mode: 0o640 });
  stream.on('error', (error) => {
    process.stderr.write(`sluice: the access log ${path} can't be written: ${error.message}\n`);
  });
  return {
    accessLog: boundedSink(stream),
    close: async () => {
      if (stream.destroyed) return;
      stream.end();
      await once(stream, 'close');
    },
  };
}

function boundedSink(stream: WriteStream | NodeJS.WriteStream): (lines: string) => void {
  let dropped = 0;
  return (lines) => {
    if (stream.destroyed || stream.writableLength > PENDING_BYTES_MAX) {
      dropped += 1;
      return;
    }
    if (dropped > 0) {
      stream.write(`${JSON.stringify({ droppedBatches: dropped })}\n`);
      dropped = 0;
    }
    stream.write(lines);
  };
}
