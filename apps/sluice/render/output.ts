/** `-o`: the machine formats shared by all commands that print data. */
import { stringify } from 'yaml';

export const OUTPUT_FORMATS = ['text', 'wide', 'json', 'yaml'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Renders data for `json` and `yaml`; undefined for the formats meant for people. */
export function renderData(format: OutputFormat, data: unknown): string | undefined {
  if (format === 'json') return JSON.stringify(data, null, 2);
  if (format === 'yaml') return stringify(data, { lineWidth: 0 }).trimEnd();
  return undefined;
}
