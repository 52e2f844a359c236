/**
 * A cluster in good order for tests of the doctor: what an API server answers to a GET, path by
 * path, and to questions about permissions. Tests take away or replace what they are about.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { GATEWAY_GROUP } from '../controller/served-kinds.ts';
import { WATCHED_KINDS } from '../controller/watched-kinds.ts';

export interface Question {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly namespace?: string;
}

export interface SampleApi {
  /** By path; a number is the code of a refusal. */
  readonly answers: Map<string, unknown>;
  /** Every question's subject; empty: whoever asks. */
  readonly subjects: Set<string>;
  /** Whether it is granted; questions are refused themselves (403) while it is undefined. */
  isGranted: ((question: Question) => boolean) | undefined;
}

export interface RunningApi extends SampleApi {
  readonly url: string;
  close(): Promise<void>;
}

export const NOW = Date.parse('2026-11-25T12:00:00Z');

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const kinds = WATCHED_KINDS.filter(({ group }) => group === GATEWAY_GROUP);

export function crdPath(plural: string): string {
  return `${CRDS}/${plural}.${GATEWAY_GROUP}`;
}

export function sampleCrd(versions: readonly string[], bundle: string, channel: string) {
  const annotations = {
    [`${GATEWAY_GROUP}/bundle-version`]: bundle,
    [`${GATEWAY_GROUP}/channel`]: channel,
  };
  const spec = { versions: versions.map((name) => ({ name, served: true })) };
  return { metadata: { annotations }, spec };
}

function sampleAnswers(): Map<string, unknown> {
  const policy = `safe-upgrades.${GATEWAY_GROUP}`;
  const admission = '/apis/admissionregistration.k8s.io/v1';
  return new Map<string, unknown>([
    ['/version', { gitVersion: 'v1.36.2' }],
    ...kinds.map(
      ({ plural }) => [crdPath(plural), sampleCrd(['v1'], 'v1.7.0', 'standard')] as const,
    ),
    [`/apis/${GATEWAY_GROUP}`, { versions: [{ version: 'v1' }] }],
    [`/apis/${GATEWAY_GROUP}/v1`, { resources: kinds.map(({ kind }) => ({ kind })) }],
    [`${admission}/validatingadmissionpolicies/${policy}`, {}],
    [`${admission}/validatingadmissionpolicybindings/${policy}`, {}],
    ['/apis/rbac.authorization.k8s.io/v1/clusterroles/sluice-gateway-writer', {}],
    [
      '/apis/gateway.networking.k8s.io/v1/gatewayclasses',
      { items: [sampleClass('sluice', { type: 'Accepted', status: 'True' })] },
    ],
    ['/apis/apps/v1/namespaces/sluice-system/deployments/sluice-controller', sampleDeployment(2)],
    [
      '/apis/coordination.k8s.io/v1/namespaces/sluice-system/leases/sluice-controller',
      sampleLease('one', '2026-11-25T11:59:58.000000Z'),
    ],
  ]);
}

export function sampleClass(name: string, condition: object) {
  const spec = { controllerName: 'sluice.dev/gateway-controller' };
  return { metadata: { name }, spec, status: { conditions: [condition] } };
}

export function sampleDeployment(readyReplicas: number) {
  const containers = [{ image: 'sluice:0.1.0' }];
  const template = { spec: { serviceAccountName: 'sluice-controller', containers } };
  return { spec: { replicas: 2, template }, status: { readyReplicas } };
}

export function sampleLease(holderIdentity: string, renewTime: string) {
  return { spec: { holderIdentity, renewTime, leaseDurationSeconds: 15 } };
}

export async function startSampleApi(): Promise<RunningApi> {
  const api: SampleApi = {
    answers: sampleAnswers(),
    subjects: new Set(),
    isGranted: ({ verb, resource, group, subresource }) =>
      !(group === '' && resource === 'secrets' && !['get', 'list', 'watch'].includes(verb)) &&
      subresource !== 'exec' &&
      verb !== 'escalate',
  };
  const server = createServer((request, response) => {
    const write = (code: number, body: unknown) =>
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const refuse = (code: number) => write(code, { kind: 'Status', code, message: 'refused' });
    if (request.method === 'GET') {
      const answer = api.answers.get(request.url ?? '') ?? 404;
      if (typeof answer === 'number') refuse(answer);
      else write(200, answer);
      return;
    }
    void text(request).then((body) => {
      const { spec } = JSON.parse(body) as {
        readonly spec: { readonly resourceAttributes: Question; readonly user?: string };
      };
      api.subjects.add(spec.user ?? '');
      if (api.isGranted === undefined) refuse(403);
      else write(201, { status: { allowed: api.isGranted(spec.resourceAttributes) } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(api, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
