/** Pods for tests, as an API server would hand them out. */
import type { Container, Pod, PodMetadata, PodSpec } from './pod.ts';

export function samplePod(
  spec: Partial<Omit<PodSpec, 'containers'>> & { readonly containers?: readonly object[] } = {},
  metadata: Partial<PodMetadata> = {},
): Pod {
  const containers = (spec.containers ?? [{}]).map(sampleContainer);
  return {
    metadata: { name: 'shop-1', namespace: 'store', uid: 'uid-1', ...metadata },
    spec: { ...spec, containers },
  };
}

function sampleContainer(container: Partial<Container>): Container {
  return { name: 'main', image: 'registry.example/echo-basic:v1', ...container };
}
