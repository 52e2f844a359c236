/** A connection to nowhere, for tests: what is written to it can be read in a list. */
import { type Connection, ignoringHandler } from './connection.ts';

/** Appends what it is given to `departed`, as `name:text`. */
export function connectionTo(departed: string[], name: string, takesMore = true): Connection {
  return {
    handler: ignoringHandler,
    remoteAddress: '',
    tls: undefined,
    isWritable: takesMore,
    write(bytes, start, end) {
      const text = Buffer.from(bytes.subarray(start, end)).toString();
      departed.push(`${name}:${text}`);
      return takesMore;
    },
    pause() {},
    resume() {},
    end() {},
    destroy() {},
  };
}
