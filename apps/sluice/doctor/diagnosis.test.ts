/** A cluster in good order has nothing to be said; each thing that is wrong is said, and how. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { createClient } from '@sluice/kube';
import { GATEWAY_GROUP } from '../controller/served-kinds.ts';
import { WATCHED_KINDS } from '../controller/watched-kinds.ts';
import type { CheckResult } from './check-result.ts';
import { diagnoseCluster } from './diagnosis.ts';
import type { ServiceAccountName } from './permission-check.ts';
import { PERMISSIONS } from './permissions.ts';
import {
  crdPath,
  NOW,
  type Question,
  type RunningApi,
  sampleClass,
  sampleCrd,
  sampleDeployment,
  sampleLease,
  startSampleApi,
} from './sample-api.ts';

let api: RunningApi;
beforeEach(async () => {
  api = await startSampleApi();
});
afterEach(() => api.close());

async function diagnose(serviceAccount?: ServiceAccountName): Promise<CheckResult[]> {
  const client = createClient({ server: api.url, credentials: { kind: 'none' } });
  try {
    return await diagnoseCluster({
      client,
      server: api.url,
      release: 'v1.7.0',
      namespace: 'sluice-system',
      controllerName: 'sluice.dev/gateway-controller',
      ...(serviceAccount === undefined ? {} : { serviceAccount }),
      now: NOW,
    });
  } finally {
    client.close();
  }
}

const GATEWAY = '/apis/gateway.networking.k8s.io/v1';
const CLASSES = `${GATEWAY}/gatewayclasses`;
const DEPLOYMENT = '/apis/apps/v1/namespaces/sluice-system/deployments/sluice-controller';
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/sluice-system/leases/sluice-controller';
const POLICY =
  '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/' +
  'safe-upgrades.gateway.networking.k8s.io';
const WRITER = '/apis/rbac.authorization.k8s.io/v1/clusterroles/sluice-gateway-writer';
const KINDS = WATCHED_KINDS.filter(({ group }) => group === GATEWAY_GROUP);

function setCrds(answer: unknown, plurals = KINDS.map(({ plural }) => plural)): void {
  for (const plural of plurals) api.answers.set(crdPath(plural), answer);
}

function serveAllBut(...absent: readonly string[]): void {
  const served = KINDS.filter(({ kind }) => !absent.includes(kind));
  api.answers.set(GATEWAY, { resources: served.map(({ kind }) => ({ kind })) });
}

/** What is made wrong; then the one result that says so: state, check, what it found, advice. */
type Case = readonly [string, () => unknown, string, RegExp, RegExp];

const CASES: readonly Case[] = [
  [
    'old server',
    () => api.answers.set('/version', { gitVersion: 'v1.30.4' }),
    'warning API server',
    /^v1\.30\.4 at http/,
    /1\.31 or newer/,
  ],
  [
    'no CRDs at all',
    () => {
      setCrds(404);
      serveAllBut(...KINDS.map(({ kind }) => kind));
    },
    'missing Gateway API',
    /^no CRDs$/,
    /standard-install\.yaml.* v1\.7\.0/,
  ],
  [
    'older CRDs',
    () => setCrds(sampleCrd(['v1'], 'v1.5.1', 'standard')),
    'warning Gateway API',
    /^v1\.5\.1, standard channel$/,
    /^upgrade the CRDs/,
  ],
  [
    'newer CRDs',
    () => setCrds(sampleCrd(['v1'], 'v1.10.0', 'standard')),
    'warning Gateway API',
    /^v1\.10\.0/,
    /upgrade Sluice/,
  ],
  [
    'two releases',
    () => setCrds(sampleCrd(['v1'], 'v1.6.0', 'standard'), ['tlsroutes']),
    'warning Gateway API',
    /^v1\.6\.0 and v1\.7\.0/,
    /one release/,
  ],
  [
    'two channels',
    () => setCrds(sampleCrd(['v1'], 'v1.7.0', 'experimental'), ['tlsroutes']),
    'warning Gateway API',
    /experimental and standard channel$/,
    /one channel/,
  ],
  [
    'CRDs that may not be read',
    () => setCrds(403),
    'warning Gateway API',
    /may not be read/,
    /get customresourcedefinitions/,
  ],
  [
    'a kind that is needed',
    () => {
      api.answers.delete(crdPath('httproutes'));
      serveAllBut('HTTPRoute');
    },
    'missing CRD HTTPRoute',
    /^not served$/,
    /^kubectl apply/,
  ],
  [
    'a kind that can be done without',
    () => {
      api.answers.delete(crdPath('referencegrants'));
      serveAllBut('ReferenceGrant');
    },
    'warning CRD ReferenceGrant',
    /^not served$/,
    /^without it, referencegrants have no effect/,
  ],
  [
    'a kind in a version that nobody here knows',
    () => {
      setCrds(sampleCrd(['v1alpha9'], 'v1.7.0', 'standard'), ['referencegrants']);
      serveAllBut('ReferenceGrant');
    },
    'warning CRD ReferenceGrant',
    /^served as v1alpha9 only$/,
    /^without it/,
  ],
  [
    'no policy for upgrades',
    () => api.answers.delete(POLICY),
    'warning safe upgrades safe-upgrades.gateway.networking.k8s.io',
    /replaced by older ones/,
    /^kubectl apply/,
  ],
  [
    'no role to bind',
    () => api.answers.delete(WRITER),
    'missing ClusterRole sluice-gateway-writer',
    /^not there/,
    /apply the ClusterRoles/,
  ],
  [
    'no class',
    () => api.answers.set(CLASSES, { items: [] }),
    'missing GatewayClass',
    /^none names/,
    /spec\.controllerName sluice\.dev/,
  ],
  [
    'a class that is not accepted',
    () => {
      const condition = { type: 'Accepted', status: 'False', reason: 'Why', message: 'so' };
      api.answers.set(CLASSES, { items: [sampleClass('sluice', condition)] });
    },
    'missing GatewayClass sluice',
    /^not accepted, Why: so$/,
    /mend/,
  ],
  [
    'a class that waits',
    () => {
      const condition = { type: 'Accepted', status: 'Unknown' };
      api.answers.set(CLASSES, { items: [sampleClass('sluice', condition)] });
    },
    'missing GatewayClass sluice',
    /^not looked at/,
    /Deployment and Lease/,
  ],
  [
    'one replica of two',
    () => api.answers.set(DEPLOYMENT, sampleDeployment(1)),
    'warning Deployment sluice-system/sluice-controller',
    /^1 of 2 ready, image sluice:/,
    /logs deployment/,
  ],
  [
    'no replica',
    () => api.answers.set(DEPLOYMENT, sampleDeployment(0)),
    'missing Deployment sluice-system/sluice-controller',
    /^0 of 2 ready/,
    /describe pods/,
  ],
  [
    'a Lease that nobody ever held',
    () => api.answers.delete(LEASE),
    'missing Lease sluice-system/sluice-controller',
    /^no replica has led yet$/,
    /none of them writes/,
  ],
  [
    'a Lease that was given back',
    () => api.answers.set(LEASE, sampleLease('', '2026-11-25T11:59:58.000000Z')),
    'missing Lease sluice-system/sluice-controller',
    /^given back/,
    /none of them writes/,
  ],
  [
    'a Lease that is not renewed',
    () => api.answers.set(LEASE, sampleLease('one', '2026-11-25T11:59:00.000000Z')),
    'warning Lease sluice-system/sluice-controller',
    /^one leads, renewed 60 s ago$/,
    /none of them writes/,
  ],
];

describe('doctor', () => {
  test('a cluster in good order is said to be so, for the service account of the controller', async () => {
    const results = await diagnose();
    assert.deepEqual(wrongOf(results), []);
    assert.equal(results.length, KINDS.length + 8);
    assert.deepEqual([...api.subjects], ['system:serviceaccount:sluice-system:sluice-controller']);
  });

  for (const [name, change, headline, found, advice] of CASES) {
    test(name, async () => {
      change();
      const wrong = wrongOf(await diagnose());
      const result = wrong.find((it) => headlineOf(it) === headline);
      assert.ok(result, `${headline} is not among ${wrong.map(headlineOf).join('; ')}`);
      assert.match(result.found, found);
      assert.match(result.advice ?? '', advice);
      if (name !== 'no CRDs at all') assert.equal(wrong.length, 1);
    });
  }

  test('a server that is gone is all there is to say', async () => {
    await api.close();
    const results = await diagnose();
    assert.deepEqual(results.map(headlineOf), ['missing API server']);
  });

  test('credentials that are not taken are told from a server that is gone', async () => {
    api.answers.set('/version', 401);
    const [result, ...rest] = await diagnose();
    assert.match(result?.advice ?? '', /credentials/);
    assert.deepEqual(rest, []);
  });

  test('what the controller may not do is said verb by verb', async () => {
    const before = api.isGranted;
    api.isGranted = (question: Question) =>
      !(question.subresource === 'status' && question.resource === 'gateways') &&
      !(question.resource === 'leases' && question.name !== undefined) &&
      before?.(question) === true;
    const verbs = PERMISSIONS.flatMap((it) => it.verbs).length;
    const wrong = wrongOf(await diagnose({ namespace: 'other', name: 'it' }));
    assert.deepEqual([...api.subjects], ['system:serviceaccount:other:it']);
    assert.deepEqual(
      wrong.map((it) => `${headlineOf(it)}: ${it.found}`),
      [
        `missing permissions system:serviceaccount:other:it: ${verbs - 3} of ${verbs} granted`,
        'missing permission gateways.gateway.networking.k8s.io/status: may not patch',
        'missing permission leases.coordination.k8s.io sluice-controller: ' +
          'may not get, update in sluice-system',
      ],
    );
  });

  test('what the controller may do without need is said too', async () => {
    api.isGranted = () => true;
    const wrong = wrongOf(await diagnose());
    assert.deepEqual(wrong.map(headlineOf), [
      'warning permission secrets',
      'warning permission pods/exec',
      'warning permission clusterroles.rbac.authorization.k8s.io',
    ]);
    assert.match(wrong[0]?.found ?? '', /^may create, update, patch, delete everywhere/);
  });

  test('without a Deployment the caller is asked about, who may do everything', async () => {
    api.answers.delete(DEPLOYMENT);
    api.isGranted = () => true;
    const wrong = wrongOf(await diagnose());
    assert.deepEqual([...api.subjects], ['']);
    assert.deepEqual(wrong.map(headlineOf), ['missing Deployment sluice-system/sluice-controller']);
  });

  test('questions that may not be asked are a warning', async () => {
    api.isGranted = undefined;
    const wrong = wrongOf(await diagnose());
    assert.match(wrong[0]?.advice ?? '', /subjectaccessreviews/);
    assert.equal(wrong.length, 1);
  });
});

function wrongOf(results: readonly CheckResult[]): CheckResult[] {
  return results.filter(({ state }) => state !== 'ok');
}

function headlineOf({ state, check, subject }: CheckResult): string {
  return [state, check, subject].filter(Boolean).join(' ');
}
