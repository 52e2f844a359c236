/**
 * The objects that run a Gateway's data plane: a pure function of plain data, so that equal data
 * gives the very same objects and nothing is rendered, compared or written twice.
 *
 * Pods satisfy the restricted Pod Security Standard. Listeners do not show in the Deployment: a new
 * one restarts nothing.
 */
import { configMapNames, ownedLabels, selectorLabels, writerName } from './owned-name.ts';
import type { Resources, ServiceType } from './parameters.ts';

/** Plain JSON data. */
export interface OwnedInputs {
  readonly namespace: string;
  readonly gateway: string;
  readonly gatewayClass: string;
  readonly uid: string;
  /** Of Deployment, Service, ServiceAccount, Role and RoleBinding. */
  readonly name: string;
  readonly image: string;
  /** The controller's own. */
  readonly controller: { readonly namespace: string; readonly name: string };
  /** What the Gateway asks for beside the labels that every owned object has. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Annotations that loosen what confines a Pod are not among these. */
  readonly podAnnotations: Readonly<Record<string, string>>;
  readonly replicas?: number;
  readonly resources: Resources;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly service: ServiceInputs;
}

export interface ServiceInputs {
  readonly type: ServiceType;
  /** In order of the port. Empty: there is nothing to serve, and no Service. */
  readonly ports: readonly { readonly port: number; readonly targetPort: number }[];
  readonly loadBalancerIp?: string;
}

/** An object as it is applied. */
export interface OwnedManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly namespace: string; readonly name: string };
}

const RBAC = 'rbac.authorization.k8s.io';

/** What the controller may do in the namespace of a Gateway; deploy/ has its rules. */
const WRITER_ROLE = 'sluice-gateway-writer';

/** In an order in which each finds what it refers to. */
export function renderOwned(inputs: OwnedInputs): readonly OwnedManifest[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadataOf(inputs, inputs.name) },
    renderRole(inputs),
    renderReaderBinding(inputs),
    renderWriterBinding(inputs),
    renderDeployment(inputs),
    ...(inputs.service.ports.length === 0 ? [] : [renderService(inputs)]),
  ];
}

function metadataOf(inputs: OwnedInputs, name: string) {
  const { namespace, gateway, gatewayClass, uid, annotations } = inputs;
  const owner = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    name: gateway,
    uid,
    controller: true,
    blockOwnerDeletion: false,
  };
  return {
    namespace,
    name,
    labels: { ...inputs.labels, ...ownedLabels(gateway, gatewayClass) },
    ...(isEmpty(annotations) ? {} : { annotations }),
    ownerReferences: [owner],
  };
}

/** An API server drops an empty map: what is wanted would never be what is there. */
function isEmpty(map: Readonly<Record<string, string>>): boolean {
  return Object.keys(map).length === 0;
}

/** Reads exactly what is published for this Gateway, by name. */
function renderRole(inputs: OwnedInputs) {
  const verbs = ['get', 'watch'];
  const rule = (resource: string, resourceNames: readonly string[]) => ({
    apiGroups: [''],
    resources: [resource],
    resourceNames,
    verbs,
  });
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: metadataOf(inputs, inputs.name),
    rules: [rule('configmaps', configMapNames(inputs.name)), rule('secrets', [inputs.name])],
  };
}

function renderReaderBinding(inputs: OwnedInputs) {
  const { namespace, name } = inputs;
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: metadataOf(inputs, name),
    roleRef: { apiGroup: RBAC, kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', namespace, name }],
  };
}

/** The controller writes no Secrets but where a Gateway is, and there only while it is. */
function renderWriterBinding(inputs: OwnedInputs) {
  const { namespace, name } = inputs.controller;
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: metadataOf(inputs, writerName(inputs.name)),
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: WRITER_ROLE },
    subjects: [{ kind: 'ServiceAccount', namespace, name }],
  };
}

function renderService(inputs: OwnedInputs) {
  const { type, ports, loadBalancerIp } = inputs.service;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(inputs, inputs.name),
    spec: {
      type,
      ...(loadBalancerIp === undefined ? {} : { loadBalancerIP: loadBalancerIp }),
      selector: selectorLabels(inputs.gateway, inputs.gatewayClass),
      ports: ports.map(({ port, targetPort }) => ({
        name: `tcp-${port}`,
        protocol: 'TCP',
        port,
        targetPort,
      })),
    },
  };
}

function renderDeployment(inputs: OwnedInputs) {
  const matchLabels = selectorLabels(inputs.gateway, inputs.gatewayClass);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(inputs, inputs.name),
    spec: {
      ...(inputs.replicas === undefined ? {} : { replicas: inputs.replicas }),
      selector: { matchLabels },
      // A new Pod serves before an old one goes, with a single replica too.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: {
          labels: { ...inputs.labels, ...ownedLabels(inputs.gateway, inputs.gatewayClass) },
          ...(isEmpty(inputs.podAnnotations) ? {} : { annotations: inputs.podAnnotations }),
        },
        spec: renderPod(inputs),
      },
    },
  };
}

/** The data plane drains for 10 seconds; what is left is for its process to end. */
const GRACE_SECONDS = 30;

function renderPod(inputs: OwnedInputs) {
  return {
    serviceAccountName: inputs.name,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    ...(inputs.nodeSelector === undefined ? {} : { nodeSelector: inputs.nodeSelector }),
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [renderContainer(inputs)],
    volumes: [{ name: STATE, emptyDir: { medium: 'Memory', sizeLimit: '256Mi' } }],
  };
}

const ADMIN_PORT = 15_020;
const STATE = 'state';
const STATE_DIRECTORY = '/run/sluice';

function renderContainer({ namespace, name, image, resources }: OwnedInputs) {
  const args = ['gateway', '--cluster', `${namespace}/${name}`];
  args.push('--admin', `0.0.0.0:${ADMIN_PORT}`, '--last-good', STATE_DIRECTORY);
  return {
    name: 'sluice',
    image,
    args,
    ports: [{ name: 'admin', containerPort: ADMIN_PORT, protocol: 'TCP' }],
    readinessProbe: probe('/readyz', { periodSeconds: 2, failureThreshold: 3 }),
    livenessProbe: probe('/healthz', { periodSeconds: 10, failureThreshold: 6 }),
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [{ name: STATE, mountPath: STATE_DIRECTORY }],
  };
}

function probe(path: string, timing: { readonly periodSeconds: number; failureThreshold: number }) {
  return { httpGet: { path, port: 'admin' }, timeoutSeconds: 2, ...timing };
}
