/** The lines that a container wrote, with the times of their arrival; the oldest go first. */
export interface LogQuery {
  /** Milliseconds since the epoch; earlier lines are left out. */
  readonly sinceMs?: number;
  readonly tailLines?: number;
  readonly timestamps: boolean;
}

export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

export interface LogFollower {
  readonly onLine: (line: LogLine) => void;
  /** No line is to come; at once if no process writes. */
  readonly onEnd: () => void;
}

export interface LogWriter {
  readonly write: (text: string) => void;
  readonly end: () => void;
}

const linesMax = 50_000;
const lineCharsMax = 64 * 1024;

export class ContainerLog {
  readonly #lines: LogLine[] = [];
  readonly #followers = new Set<LogFollower>();
  #isWritten = false;

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** For one stream. What follows its last newline waits for the rest of the line, or the end. */
  writer(now: () => number): LogWriter {
    let rest = '';
    const append = (text: string) => this.#append({ atMs: now(), text });
    return {
      write: (text) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) append(line);
        if (rest.length <= lineCharsMax) return;
        append(rest);
        rest = '';
      },
      end: () => {
        if (rest !== '') append(rest);
        rest = '';
      },
    };
  }

  /** A process starts to write it. */
  begin(): void {
    this.#isWritten = true;
  }

  /** The process has ended, and with it the waiting of all followers. */
  end(): void {
    this.#isWritten = false;
    for (const follower of this.#followers) follower.onEnd();
    this.#followers.clear();
  }

  /** Calls for what the process that runs now writes, until the returned function is called. */
  follow(follower: LogFollower): () => void {
    if (this.#isWritten) this.#followers.add(follower);
    else follower.onEnd();
    return () => this.#followers.delete(follower);
  }

  #append(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > linesMax) this.#lines.splice(0, linesMax / 10);
    for (const { onLine } of this.#followers) onLine(line);
  }
}

/** Reads the parameters of `/containerLogs`: sinceTime, sinceSeconds, tailLines, timestamps. */
export function parseLogQuery(parameters: URLSearchParams, nowMs: number): LogQuery {
  const sinceTime = Date.parse(parameters.get('sinceTime') ?? '');
  const sinceSeconds = Number(parameters.get('sinceSeconds') ?? Number.NaN);
  const tailLines = Number(parameters.get('tailLines') ?? Number.NaN);
  const sinceMs = Number.isNaN(sinceTime) ? nowMs - sinceSeconds * 1000 : sinceTime;
  return {
    ...(!Number.isNaN(sinceMs) && { sinceMs }),
    ...(!Number.isNaN(tailLines) && { tailLines }),
    timestamps: parameters.get('timestamps') === 'true',
  };
}

export function selectLines(lines: readonly LogLine[], query: LogQuery): readonly LogLine[] {
  const { sinceMs = Number.NEGATIVE_INFINITY, tailLines } = query;
  const since = lines.filter(({ atMs }) => atMs >= sinceMs);
  return tailLines === undefined ? since : since.slice(Math.max(0, since.length - tailLines));
}

export function renderLine({ atMs, text }: LogLine, { timestamps }: LogQuery): string {
  return timestamps ? `${new Date(atMs).toISOString()} ${text}\n` : `${text}\n`;
}
