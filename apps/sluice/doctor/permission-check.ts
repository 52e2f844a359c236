/**
 * Whether the controller may do what it has to, and nothing that it should not: asked of the API
 * server's own authorizers, whatever they are, one question for each verb.
 *
 * https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
import { ApiError, type Client } from '@sluice/kube';
import type { CheckResult } from './check-result.ts';
import { fieldIn, lookAt } from './look.ts';
import { PERMISSIONS, type Permission, REFUSED_PERMISSIONS, WRITER } from './permissions.ts';

export interface PermissionQuestions {
  readonly client: Client;
  /** Of the controller: where its Lease is. */
  readonly namespace: string;
  /** Absent: whoever runs this. */
  readonly serviceAccount?: ServiceAccountName;
}

export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}

/** An API server takes this many questions at once with ease. */
const QUESTIONS_AT_ONCE = 16;

const AUTHORIZATION = '/apis/authorization.k8s.io/v1';

export async function checkPermissions(questions: PermissionQuestions): Promise<CheckResult[]> {
  const { serviceAccount } = questions;
  try {
    const needed = await askAll(questions, PERMISSIONS);
    // An administrator may do everything, and is not the controller.
    const refused =
      serviceAccount === undefined ? [] : await askAll(questions, REFUSED_PERMISSIONS);
    return [
      ...judgeNeeded(questions, needed),
      ...judgeSurplus(questions, refused),
      await checkWriter(questions.client),
    ];
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 403)) throw error;
    return [
      {
        check: 'permissions',
        subject: nameOf(serviceAccount),
        state: 'warning',
        found: 'not known: they may not be asked about',
        advice: 'ask somebody who may create subjectaccessreviews to run this',
      },
    ];
  }
}

interface Verdict {
  readonly permission: Permission;
  readonly verb: string;
  readonly allowed: boolean;
}

async function askAll(
  questions: PermissionQuestions,
  permissions: readonly Permission[],
): Promise<Verdict[]> {
  const open = permissions.flatMap((permission) =>
    permission.verbs.map((verb) => ({ permission, verb })),
  );
  const verdicts: Verdict[] = [];
  for (let start = 0; start < open.length; start += QUESTIONS_AT_ONCE) {
    const batch = open.slice(start, start + QUESTIONS_AT_ONCE);
    const answers = await Promise.all(batch.map((question) => ask(questions, question)));
    verdicts.push(...answers);
  }
  return verdicts;
}

async function ask(
  { client, namespace, serviceAccount }: PermissionQuestions,
  { permission, verb }: Omit<Verdict, 'allowed'>,
): Promise<Verdict> {
  const { group, name, scope } = permission;
  const [resource, subresource] = permission.resource.split('/');
  const resourceAttributes = {
    group,
    resource,
    verb,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
    ...(scope === undefined ? {} : { namespace }),
  };
  const self = serviceAccount === undefined;
  const kind = self ? 'SelfSubjectAccessReview' : 'SubjectAccessReview';
  const answer = await client.request('POST', `${AUTHORIZATION}/${kind.toLowerCase()}s`, {
    apiVersion: 'authorization.k8s.io/v1',
    kind,
    spec: { resourceAttributes, ...(self ? {} : subjectOf(serviceAccount)) },
  });
  return { permission, verb, allowed: fieldIn(answer, 'status', 'allowed') === true };
}

/** As the API server names a service account to its authorizers. */
function subjectOf({ namespace, name }: ServiceAccountName) {
  const all = 'system:serviceaccounts';
  return {
    user: nameOf({ namespace, name }),
    groups: [all, `${all}:${namespace}`, 'system:authenticated'],
  };
}

function nameOf(serviceAccount: ServiceAccountName | undefined): string {
  if (serviceAccount === undefined) return 'whoever runs this';
  return `system:serviceaccount:${serviceAccount.namespace}:${serviceAccount.name}`;
}

function judgeNeeded(
  { serviceAccount, namespace }: PermissionQuestions,
  verdicts: readonly Verdict[],
): CheckResult[] {
  const subject = nameOf(serviceAccount);
  const refused = verdicts.filter(({ allowed }) => !allowed);
  const found = `${verdicts.length - refused.length} of ${verdicts.length} granted`;
  if (refused.length === 0) return [{ check: 'permissions', subject, state: 'ok', found }];
  const advice =
    serviceAccount === undefined
      ? 'run this as the controller, or with --service-account NAMESPACE/NAME'
      : 'apply the ClusterRole, the Role and their bindings as they come with this Sluice';
  return [
    { check: 'permissions', subject, state: 'missing', found, advice },
    ...groupByPermission(refused).map(([permission, verbs]): CheckResult => {
      return {
        check: 'permission',
        subject: showResource(permission),
        state: 'missing',
        found: `may not ${verbs.join(', ')}${showPlace(permission, namespace)}`,
        advice: `grant ${verbs.join(', ')} on ${showResource(permission)}`,
      };
    }),
  ];
}

function judgeSurplus(
  { serviceAccount }: PermissionQuestions,
  verdicts: readonly Verdict[],
): CheckResult[] {
  const granted = verdicts.filter(({ allowed }) => allowed);
  return groupByPermission(granted).map(([permission, verbs]): CheckResult => {
    return {
      check: 'permission',
      subject: showResource(permission),
      state: 'warning',
      found: `may ${verbs.join(', ')} everywhere, which it never needs`,
      advice: `find what grants it to ${nameOf(serviceAccount)}, and take it away`,
    };
  });
}

function groupByPermission(verdicts: readonly Verdict[]): [Permission, string[]][] {
  const groups = new Map<Permission, string[]>();
  for (const { permission, verb } of verdicts) {
    groups.set(permission, [...(groups.get(permission) ?? []), verb]);
  }
  return [...groups];
}

function showResource({ group, resource, name }: Permission): string {
  const [plural, subresource] = resource.split('/');
  const full = group === '' ? plural : `${plural}.${group}`;
  return `${full}${subresource === undefined ? '' : `/${subresource}`}${name ? ` ${name}` : ''}`;
}

function showPlace({ scope }: Permission, namespace: string): string {
  return scope === undefined ? '' : ` in ${namespace}`;
}

/** What the controller binds; a right to bind what is not there is worth nothing. */
async function checkWriter(client: Client): Promise<CheckResult> {
  const about = { check: 'ClusterRole', subject: WRITER };
  const look = await lookAt(client, `/apis/rbac.authorization.k8s.io/v1/clusterroles/${WRITER}`);
  switch (look.kind) {
    case 'found':
      return { ...about, state: 'ok', found: 'there to be bound in namespaces of Gateways' };
    case 'absent':
      return {
        ...about,
        state: 'missing',
        found: 'not there: no certificate can be given to a data plane',
        advice: 'apply the ClusterRoles as they come with this Sluice',
      };
    case 'forbidden': {
      const advice = 'ask somebody who may get clusterroles to run this';
      return { ...about, state: 'warning', found: 'not known: it may not be read', advice };
    }
  }
}
