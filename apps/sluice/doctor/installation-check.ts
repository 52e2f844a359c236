/** What is installed of Sluice: GatewayClasses, the controller, and who holds its Lease. */
import type { Client } from '@sluice/kube';
import type { CheckResult } from './check-result.ts';
import { fieldIn, listIn, lookAt, textIn } from './look.ts';
import type { ServiceAccountName } from './permission-check.ts';
import { CONTROLLER } from './permissions.ts';

export interface InstallationQuestions {
  readonly client: Client;
  readonly namespace: string;
  readonly controllerName: string;
  /** Milliseconds since the epoch; Leases say when they were renewed by the clock of the holder. */
  readonly now: number;
}

export interface Installation {
  readonly results: readonly CheckResult[];
  /** Of the controller's Pods; undefined: there is no Deployment to be seen. */
  readonly serviceAccount: ServiceAccountName | undefined;
}

export async function checkInstallation(questions: InstallationQuestions): Promise<Installation> {
  const { client, namespace } = questions;
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${CONTROLLER}`;
  const deployment = await lookAt(client, path);
  const name = textIn(deployment, 'object', 'spec', 'template', 'spec', 'serviceAccountName');
  return {
    results: [
      ...(await checkClasses(questions)),
      judgeDeployment(deployment, namespace),
      await checkLease(questions),
    ],
    serviceAccount: name === '' ? undefined : { namespace, name },
  };
}

async function checkClasses({
  client,
  controllerName,
}: InstallationQuestions): Promise<CheckResult[]> {
  const check = 'GatewayClass';
  const look = await lookAt(client, '/apis/gateway.networking.k8s.io/v1/gatewayclasses');
  if (look.kind === 'forbidden') return [unknown(check, 'gatewayclasses')];
  const classes = listIn(look, 'object', 'items').filter(
    (item) => textIn(item, 'spec', 'controllerName') === controllerName,
  );
  if (classes.length === 0) {
    const found = `none names the controller ${controllerName}`;
    const advice = `create a GatewayClass with spec.controllerName ${controllerName}`;
    return [{ check, state: 'missing', found, advice }];
  }
  return classes.map((item): CheckResult => {
    const about = { check, subject: textIn(item, 'metadata', 'name') };
    const accepted = listIn(item, 'status', 'conditions').find(
      (condition) => textIn(condition, 'type') === 'Accepted',
    );
    if (textIn(accepted, 'status') === 'True') return { ...about, state: 'ok', found: 'accepted' };
    const why = `${textIn(accepted, 'reason')}: ${textIn(accepted, 'message')}`;
    const isOpen = textIn(accepted, 'status') !== 'False';
    return {
      ...about,
      state: 'missing',
      found: isOpen ? 'not looked at by its controller yet' : `not accepted, ${why}`,
      advice: isOpen ? "see to the controller's Deployment and Lease" : 'mend what it says',
    };
  });
}

function judgeDeployment(look: Awaited<ReturnType<typeof lookAt>>, namespace: string): CheckResult {
  const about = { check: 'Deployment', subject: `${namespace}/${CONTROLLER}` };
  switch (look.kind) {
    case 'forbidden':
      return unknown(about.check, `deployments in ${namespace}`);
    case 'absent': {
      const advice = 'install the controller, or say where it is with --namespace';
      return { ...about, state: 'missing', found: 'not there', advice };
    }
    case 'found': {
      const wanted = Number(fieldIn(look.object, 'spec', 'replicas') ?? 1);
      const ready = Number(fieldIn(look.object, 'status', 'readyReplicas') ?? 0);
      const [container] = listIn(look.object, 'spec', 'template', 'spec', 'containers');
      const found = `${ready} of ${wanted} ready, image ${textIn(container, 'image')}`;
      if (ready >= wanted && ready > 0) return { ...about, state: 'ok', found };
      const advice = `kubectl -n ${namespace} describe pods; kubectl -n ${namespace} logs deployment/${CONTROLLER}`;
      return { ...about, state: ready === 0 ? 'missing' : 'warning', found, advice };
    }
  }
}

async function checkLease(questions: InstallationQuestions): Promise<CheckResult> {
  const { client, namespace, now } = questions;
  const about = { check: 'Lease', subject: `${namespace}/${CONTROLLER}` };
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${CONTROLLER}`;
  const look = await lookAt(client, path);
  if (look.kind === 'forbidden') return unknown(about.check, `leases in ${namespace}`);
  const advice = "see to the controller's Pods: none of them writes";
  if (look.kind === 'absent') {
    return { ...about, state: 'missing', found: 'no replica has led yet', advice };
  }
  const holder = textIn(look.object, 'spec', 'holderIdentity');
  if (holder === '') {
    return { ...about, state: 'missing', found: 'given back: no replica leads', advice };
  }
  const renewed = Date.parse(textIn(look.object, 'spec', 'renewTime'));
  const seconds = Math.round((now - renewed) / 1000);
  const limit = Number(fieldIn(look.object, 'spec', 'leaseDurationSeconds') ?? 15);
  const found = `${holder} leads, renewed ${seconds} s ago`;
  // Not to be taken for the truth where the clocks of two machines differ.
  if (seconds > limit) return { ...about, state: 'warning', found, advice };
  return { ...about, state: 'ok', found };
}

function unknown(check: string, what: string): CheckResult {
  const advice = `ask somebody who may get ${what} to run this`;
  return { check, state: 'warning', found: 'not known: it may not be read', advice };
}
