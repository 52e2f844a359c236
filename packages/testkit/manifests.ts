/**
 * Manifests of tests, read as an API server stores them: validated, pruned, defaulted. A manifest
 * with a problem is an error of the test.
 */
import { type KubernetesObject, parseManifests } from '@sluice/spec';

export type Manifest = KubernetesObject;

/** Throws on every problem, warnings included: an unknown field would say nothing to anyone. */
export function readManifests(
  text: string,
  file: string,
  channel: 'standard' | 'experimental',
): readonly Manifest[] {
  const { objects, problems } = parseManifests(text, file, { channel, status: 'keep' });
  if (problems.length > 0) {
    const lines = problems.map(({ object, field, message }) => {
      const name = object === undefined ? '' : `${object.kind} ${object.name} `;
      return `${file}: ${name}${field}: ${message}`;
    });
    throw new Error(lines.join('\n'));
  }
  return objects.map(({ object }) => object);
}
