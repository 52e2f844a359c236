/**
 * Label selectors in all their forms, and field selectors over `metadata.name` and
 * `metadata.namespace`.
 *
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
import type { StoredObject } from './stored-object.ts';

export type Selector = (object: StoredObject) => boolean;

export function parseSelector(query: URLSearchParams): Selector {
  const labels = splitTerms(query.get('labelSelector') ?? '').map((term) => parseLabelTerm(term));
  const fields = splitTerms(query.get('fieldSelector') ?? '').map((term) => parseFieldTerm(term));
  return (object) => [...labels, ...fields].every((holds) => holds(object));
}

/** At commas that are not within parentheses. */
function splitTerms(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '');
}

function parseLabelTerm(term: string): Selector {
  const set = /^(\S+)\s+(in|notin)\s+\((.*)\)$/.exec(term);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (object) => values.includes(labelOf(object, key) ?? '') === (operator === 'in');
  }
  const comparison = /^([^!=]+?)\s*(!=|==|=)\s*(.*)$/.exec(term);
  if (comparison !== null) {
    const [, key = '', operator, value] = comparison;
    return (object) => (labelOf(object, key) === value) === (operator !== '!=');
  }
  const isAbsence = term.startsWith('!');
  const key = isAbsence ? term.slice(1).trim() : term;
  return (object) => (labelOf(object, key) === undefined) === isAbsence;
}

function labelOf({ metadata }: StoredObject, key: string): string | undefined {
  return metadata.labels?.[key];
}

function parseFieldTerm(term: string): Selector {
  const [, key, operator, value] =
    /^(metadata\.name|metadata\.namespace)(!=|==?)(.*)$/.exec(term) ?? [];
  if (key === undefined) throw new Error(`not a field selector of this server: ${term}`);
  return ({ metadata }) => {
    const actual = key === 'metadata.name' ? metadata.name : (metadata.namespace ?? '');
    return (actual === value) === (operator !== '!=');
  };
}
