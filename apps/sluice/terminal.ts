/**
 * Where a command writes: results to stdout, everything else to stderr, with colour as `--color`
 * and the stream say. Commands get it as an input, so that tests read what a person would read.
 */
import { styleText } from 'node:util';

export type Style = 'red' | 'yellow' | 'green' | 'cyan' | 'bold' | 'dim';
export type ColorMode = 'auto' | 'always' | 'never';

export interface Terminal {
  /** Writes one result line (or several) to stdout. */
  readonly out: (text: string) => void;
  /** Writes one message line to stderr. */
  readonly err: (text: string) => void;
  /** Colours text meant for stdout. */
  readonly paint: (style: Style, text: string) => string;
}

export function createTerminal(color: ColorMode): Terminal {
  const colored =
    color === 'always' || (color === 'auto' && process.stdout.isTTY && !process.env['NO_COLOR']);
  return {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    paint: (style, text) => (colored ? styleText(style, text, { validateStream: false }) : text),
  };
}
