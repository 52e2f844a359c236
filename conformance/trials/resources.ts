/** Kinds that trials read and write through the client. */
import type { Resource } from '@sluice/kube';

const core = { group: '', version: 'v1', namespaced: true };
const gatewayApi = { group: 'gateway.networking.k8s.io', version: 'v1', namespaced: true };

export const pods: Resource = { ...core, plural: 'pods', kind: 'Pod' };
export const secrets: Resource = { ...core, plural: 'secrets', kind: 'Secret' };
export const configMaps: Resource = { ...core, plural: 'configmaps', kind: 'ConfigMap' };
export const namespaces: Resource = {
  ...core,
  namespaced: false,
  plural: 'namespaces',
  kind: 'Namespace',
};
export const gateways: Resource = { ...gatewayApi, plural: 'gateways', kind: 'Gateway' };
export const httpRoutes: Resource = { ...gatewayApi, plural: 'httproutes', kind: 'HTTPRoute' };
export const gatewayClasses: Resource = {
  ...gatewayApi,
  namespaced: false,
  plural: 'gatewayclasses',
  kind: 'GatewayClass',
};
export const listenerSets: Resource = {
  ...gatewayApi,
  plural: 'listenersets',
  kind: 'ListenerSet',
};
export const backendTlsPolicies: Resource = {
  ...gatewayApi,
  plural: 'backendtlspolicies',
  kind: 'BackendTLSPolicy',
};
