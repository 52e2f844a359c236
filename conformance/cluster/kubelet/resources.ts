/** The kinds that a kubelet reads and writes, and the name under which it owns fields. */
import type { Resource } from '@sluice/kube';

export const fieldManager = 'process-kubelet';

export const pods = core('pods', 'Pod');
export const nodes: Resource = { ...core('nodes', 'Node'), namespaced: false };
export const secrets = core('secrets', 'Secret');
export const configMaps = core('configmaps', 'ConfigMap');

function core(plural: string, kind: string): Resource {
  return { group: '', version: 'v1', plural, kind, namespaced: true };
}
