/**
 * What the identities in a cluster may do, asked with their own tokens: a data plane reads what is
 * published for its Gateway and nothing else; the controller writes no Secret where no Gateway is.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createLocalCertificate } from '@sluice/pki';
import { apiCaller, type CallApi } from './api-call.ts';
import {
  type Container,
  controllerSelector,
  dataPlaneSelector,
  findContainers,
  systemNamespace,
} from './containers.ts';
import { secrets } from './resources.ts';
import type { Trial, TrialContext } from './trial.ts';
import { apply, backend, className, httpsListener, openSite, tlsSecret } from './world.ts';

export const rbac: Trial = {
  name: 'rbac',
  about: "a data plane's token reads its own Secret and ConfigMaps, and that is all",
  async run(context) {
    const { client, namespace, report } = context;
    await apply(context, ...backend(), otherSecret, otherConfigMap);
    for (const name of ['own', 'neighbour']) await openWithKey(context, name);
    const [dataPlane] = await findContainers(client, namespace, dataPlaneSelector('own'));
    const [controller] = await findContainers(client, systemNamespace, controllerSelector);
    assert.ok(dataPlane !== undefined && controller !== undefined);
    const questions = dataPlaneQuestions(namespace);
    await compare(await callerOf(context, dataPlane), questions);
    // What is refused above is there: an administrator gets it.
    const refused = questions.filter(({ method, code }) => method === 'GET' && code === 403);
    await compare(
      await apiCaller(context.cluster),
      refused.map((question) => ({ ...question, code: 200 })),
    );
    await compare(await callerOf(context, controller), controllerQuestions(dataPlane));
    report(`${questions.length} questions with the data plane's token, all answered as they must`);
  },
};

/** A Gateway for which a Secret is published too. */
async function openWithKey(context: TrialContext, name: string): Promise<void> {
  const { client, namespace } = context;
  const hostname = `${name}.example.com`;
  const pair = await createLocalCertificate({ hostnames: [hostname], now: Date.now(), days: 1 });
  await client.create(secrets, tlsSecret({ namespace, name: `${name}-key` }, pair));
  await openSite(context, name, hostname, httpsListener(`${name}-key`, hostname));
}

const otherSecret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'other' } };
const otherConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' } };
const tokenFile = 'var/run/secrets/kubernetes.io/serviceaccount/token';

interface Question {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly code: number;
}

function dataPlaneQuestions(namespace: string): readonly Question[] {
  const own = `own-${className}`;
  const at = (path: string): string => `/api/v1/namespaces/${namespace}/${path}`;
  const allowed = [
    at(`configmaps/${own}`),
    at(`secrets/${own}`),
    at(`configmaps?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3D${own}`),
    at(`secrets?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3D${own}`),
  ];
  const forbidden = [
    at('secrets/other'),
    at('configmaps/other'),
    at(`secrets/neighbour-${className}`),
    at(`configmaps/neighbour-${className}`),
    at('configmaps/kube-root-ca.crt'),
    `/api/v1/namespaces/kube-system/configmaps/kube-root-ca.crt`,
    at('secrets'),
    at('configmaps'),
    at('secrets?watch=true&timeoutSeconds=1'),
    '/api/v1/secrets',
    '/api/v1/configmaps',
    '/api/v1/namespaces/kube-system/secrets',
    at('pods'),
    at('services'),
    `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/gateways/own`,
  ];
  const body = { apiVersion: 'v1', metadata: { name: 'made' } };
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const writes: readonly Omit<Question, 'code'>[] = [
    { method: 'POST', path: at('secrets'), body: { ...body, kind: 'Secret' } },
    { method: 'POST', path: at('configmaps'), body: { ...body, kind: 'ConfigMap' } },
    {
      method: 'PUT',
      path: at(`secrets/${own}`),
      body: { ...otherSecret, metadata: { name: own } },
    },
    {
      method: 'PUT',
      path: at(`configmaps/${own}`),
      body: { ...otherConfigMap, metadata: { name: own } },
    },
    { method: 'DELETE', path: at(`secrets/${own}`) },
    { method: 'DELETE', path: at(`configmaps/${own}`) },
    { method: 'POST', path: at(`serviceaccounts/${own}/token`), body: review },
  ];
  return [
    ...allowed.map((path) => ({ method: 'GET', path, code: 200 })),
    ...forbidden.map((path) => ({ method: 'GET', path, code: 403 })),
    ...writes.map((write) => ({ ...write, code: 403 })),
  ];
}

/** It has no Gateway in its own namespace, and none in `default`. */
function controllerQuestions({ namespace, pod }: Container): readonly Question[] {
  const secret = { ...otherSecret, metadata: { name: 'made' } };
  const exec = `/api/v1/namespaces/${namespace}/pods/${pod}/exec?command=ls&stdout=true`;
  return [
    { method: 'POST', path: '/api/v1/namespaces/default/secrets', body: secret, code: 403 },
    { method: 'DELETE', path: '/api/v1/namespaces/default/secrets/made', code: 403 },
    { method: 'POST', path: exec, code: 403 },
    { method: 'GET', path: '/api/v1/nodes', code: 403 },
  ];
}

async function compare(call: CallApi, questions: readonly Question[]): Promise<void> {
  const name = ({ method, path, code }: Question): string => `${method} ${path}: ${code}`;
  const answers: string[] = [];
  for (const question of questions) {
    answers.push(name({ ...question, code: (await call(question)).status }));
  }
  assert.deepEqual(answers, questions.map(name));
}

/** As the program in the container: with the token that is in its root. */
async function callerOf({ cluster }: TrialContext, { pid }: Container): Promise<CallApi> {
  return apiCaller(cluster, readFileSync(`/proc/${pid}/root/${tokenFile}`, 'utf8'));
}
