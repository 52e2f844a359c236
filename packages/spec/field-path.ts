/**
 * Field paths: `spec.rules[0].backendRefs[1].name`, `metadata.labels[app.kubernetes.io/name]`.
 * Writing and reading are inverse, up to the type of a number in brackets.
 */

export type PathSegment = string | number;

export function formatFieldPath(path: readonly PathSegment[]): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number' || !/^[\w$-]+$/.test(segment)) text += `[${segment}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}

export function parseFieldPath(text: string): readonly PathSegment[] {
  const segments: PathSegment[] = [];
  for (const [, bracket, name] of text.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)) {
    if (name !== undefined) segments.push(name);
    else if (bracket !== undefined) {
      segments.push(/^\d+$/.test(bracket) ? Number(bracket) : bracket);
    }
  }
  return segments;
}
