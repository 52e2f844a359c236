/**
 * A `node --test` reporter: each failure with what its file printed, then the runner's totals as
 * the last lines, in the words and order of the runner's own reporter.
 */
import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

type EventOf<Type extends TestEvent['type']> = Extract<TestEvent, { type: Type }>['data'];

/** How much of a failing file's own output is shown. */
const printedBytesMax = 8_192;

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const printed = new Map<string, string>();
  let totals = '';
  for await (const event of events) {
    switch (event.type) {
      case 'test:stdout':
      case 'test:stderr':
        remember(printed, event.data);
        break;
      case 'test:fail':
        yield renderFailure(event.data, printed);
        break;
      case 'test:summary':
        if (event.data.file === undefined) totals = renderTotals(event.data);
        break;
      default:
    }
  }
  yield totals;
}

function remember(printed: Map<string, string>, { file, message }: EventOf<'test:stdout'>): void {
  const text = (printed.get(file) ?? '') + message;
  printed.set(file, text.slice(0, printedBytesMax));
}

/** A suite that fails only because of a test inside it has nothing of its own to say. */
function renderFailure(data: EventOf<'test:fail'>, printed: Map<string, string>): string {
  const { error } = data.details;
  if ('failureType' in error && error.failureType === 'subtestsFailed') return '';
  const file = data.file ?? '';
  const place = file === '' ? '' : ` (${relative(process.cwd(), file)}:${data.line ?? 0})`;
  const output = printed.get(file) ?? '';
  printed.delete(file);
  const reason = inspect(error.cause ?? error, { depth: 5 });
  return `✖ ${data.name}${place}\n${indent(reason)}\n${output === '' ? '' : `${indent(output)}\n`}`;
}

function renderTotals({ counts, duration_ms: durationMs }: EventOf<'test:summary'>): string {
  const lines = [
    `tests ${counts.tests}`,
    `suites ${counts.suites}`,
    `pass ${counts.passed}`,
    `fail ${counts.tests - counts.passed - counts.cancelled - counts.skipped - counts.todo}`,
    `cancelled ${counts.cancelled}`,
    `skipped ${counts.skipped}`,
    `todo ${counts.todo}`,
    `duration_ms ${durationMs}`,
  ];
  return lines.map((line) => `ℹ ${line}\n`).join('');
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '  ');
}
