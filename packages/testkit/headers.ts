/** Header fields by name as written, and the edits of HTTPHeaderFilter on them. */
import type { HeaderEditsConfig } from '@sluice/model';

/** Value by name; names of any letter case, at most one of each. */
export type Headers = Readonly<Record<string, string>>;

/** HTTPHeaderFilter: `set` overwrites, `add` appends to what there is, `remove` takes away. */
export function editHeaders(headers: Headers, edits: HeaderEditsConfig): Headers {
  const fields = new Map(Object.entries(headers).map(([name, value]) => [lower(name), value]));
  for (const { name, value } of edits.set) fields.set(lower(name), value);
  for (const { name, value } of edits.add) {
    const before = fields.get(lower(name));
    fields.set(lower(name), before === undefined ? value : `${before},${value}`);
  }
  for (const name of edits.remove) fields.delete(lower(name));
  return Object.fromEntries(fields);
}

export function findHeader(headers: Headers, name: string): string | undefined {
  return joinHeaders(headers).find(([key]) => lower(key) === lower(name))?.[1];
}

export function joinHeaders(headers: Headers): [string, string][] {
  return Object.entries(headers);
}

function lower(name: string): string {
  return name.toLowerCase();
}
