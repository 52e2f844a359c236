/** Plain text tables: left-aligned columns two spaces apart, widths from the visible text. */
import { stripVTControlCharacters } from 'node:util';

/** Renders rows under a heading; no rows: an empty list. Cells may be coloured, one line each. */
export function renderTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return [];
  const lines = [heading, ...rows];
  const widths = heading.map((_, column) =>
    Math.max(...lines.map((line) => visibleLength(line[column] ?? ''))),
  );
  return lines.map((line) =>
    line
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - visibleLength(cell)))
      .join('  ')
      .trimEnd(),
  );
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
