/**
 * Reads one parameter of a raw query string.
 *
 * Names and values are compared as a backend reads them: split at `&` and `=`, `+` is a space,
 * percent-encoded UTF-8 is decoded (WHATWG URL, application/x-www-form-urlencoded). So `a%62c`
 * can't slip past a match on `abc`. What is not valid percent-encoded UTF-8 is taken as written.
 */

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;

/**
 * The first value of `name` (Gateway API, HTTPQueryParamMatch.name: first value recommended);
 * empty for a parameter without `=`; undefined when there is none.
 */
export function findQueryValue(query: string, name: string): string | undefined {
  const end = query.length;
  for (let start = 0; start < end; ) {
    let equals = -1;
    let encoded = false;
    let position = start;
    for (; position < end; position++) {
      const codeUnit = query.charCodeAt(position);
      if (codeUnit === AMPERSAND) break;
      if (codeUnit === EQUALS && equals === -1) equals = position;
      else if (codeUnit === PERCENT || codeUnit === PLUS) encoded = true;
    }
    const nameEnd = equals === -1 ? position : equals;
    const isFound = encoded
      ? decode(query.slice(start, nameEnd)) === name
      : nameEnd - start === name.length && query.startsWith(name, start);
    if (isFound && position > start) {
      const value = equals === -1 ? '' : query.slice(equals + 1, position);
      return encoded ? decode(value) : value;
    }
    start = position + 1;
  }
  return undefined;
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
