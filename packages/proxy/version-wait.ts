/**
 * Those who wait for a version of the config to be in force: answered at once when it is, at the
 * latest after half a minute with whatever is in force then. Their number is limited.
 */

export interface VersionReport {
  /** Null: no config is in force. */
  readonly version: string | null;
}

export interface VersionWait {
  /** Returns how to stop waiting; undefined: too many wait already. */
  wait(version: string, onAnswer: (report: VersionReport) => void): (() => void) | undefined;
  /** The version in force may be another now. */
  look(): void;
  close(): void;
}

const WAIT_MS_MAX = 30_000;
const WAITING_MAX = 64;

interface Waiting {
  readonly version: string;
  readonly onAnswer: (report: VersionReport) => void;
  readonly timer: NodeJS.Timeout;
}

export function createVersionWait(report: () => VersionReport): VersionWait {
  const waiting = new Set<Waiting>();
  const settle = (one: Waiting): void => {
    if (!waiting.delete(one)) return;
    clearTimeout(one.timer);
    one.onAnswer(report());
  };
  const drop = (one: Waiting): void => {
    waiting.delete(one);
    clearTimeout(one.timer);
  };
  return {
    wait(version, onAnswer) {
      const now = report();
      if (now.version === version) {
        onAnswer(now);
        return () => {};
      }
      if (waiting.size >= WAITING_MAX) return undefined;
      const timer = setTimeout(() => settle(one), WAIT_MS_MAX);
      const one: Waiting = { version, onAnswer, timer };
      waiting.add(one);
      return () => drop(one);
    },
    look() {
      const { version } = report();
      for (const one of waiting) if (one.version === version) settle(one);
    },
    close() {
      for (const one of waiting) drop(one);
    },
  };
}
