/**
 * The program's own log (not the access log): one line per event on stderr, as text for people or
 * JSON for machines. Values are data; a line is one line whatever they hold.
 */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = 'text' | 'json';
export type LogFields = Readonly<Record<string, string | number | boolean>>;
export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly write: (line: string) => void;
  readonly now: () => Date;
}

export function createLog(options: LogOptions): Log {
  const enabled = LOG_LEVELS.indexOf(options.level);
  const logger =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (LOG_LEVELS.indexOf(level) > enabled) return;
      options.write(render({ level, message, fields, time: options.now() }, options.format));
    };
  return {
    error: logger('error'),
    warn: logger('warn'),
    info: logger('info'),
    debug: logger('debug'),
  };
}

interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
  readonly time: Date;
}

function render(entry: LogEntry, format: LogFormat): string {
  const time = entry.time.toISOString();
  if (format === 'json') {
    return JSON.stringify({ time, level: entry.level, message: entry.message, ...entry.fields });
  }
  const fields = Object.entries(entry.fields).map(([key, value]) => ` ${key}=${quote(value)}`);
  const head = `${time.slice(11, 23)} ${entry.level.padEnd(5)}`;
  return `${head} ${oneLine(entry.message)}${fields.join('')}`;
}

function quote(value: string | number | boolean): string {
  const text = String(value);
  return /^[\w./:@-]+$/.test(text) ? text : JSON.stringify(text);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ');
}
