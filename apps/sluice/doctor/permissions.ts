/**
 * All that the controller may do, as data: what `sluice doctor` asks the API server about, and
 * what the ClusterRole and the Role below deploy/ are held against.
 *
 * A kind that is watched is here because it is among those that are watched. What is written is
 * said here once more, since only a run shows it: server-side apply needs `patch`, and `create`
 * where there is no object yet.
 */
import { GATEWAY_GROUP } from '../controller/served-kinds.ts';
import { WATCHED_KINDS } from '../controller/watched-kinds.ts';

export interface Permission {
  readonly group: string;
  /** The plural, with a subresource: `gateways/status`. */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** On the object of this name alone. */
  readonly name?: string;
  /** Absent: in all namespaces. */
  readonly scope?: 'own-namespace';
}

/** Of the controller's ServiceAccount, Deployment, Lease, ClusterRole and Role. */
export const CONTROLLER = 'sluice-controller';

/** Is bound to the controller in the namespaces of Gateways, by itself: there it writes Secrets. */
export const WRITER = 'sluice-gateway-writer';

const RBAC = 'rbac.authorization.k8s.io';

/** Their status is a list of several controllers' entries: read, merged and replaced. */
const SHARED_STATUS = /(routes|policies)$/;
const WITHOUT_STATUS: readonly string[] = ['referencegrants'];

const watched = WATCHED_KINDS.map(
  ({ group, plural }): Permission => ({
    group,
    resource: plural,
    verbs: ['get', 'list', 'watch'],
  }),
);

const statuses = WATCHED_KINDS.filter(
  ({ group, plural }) => group === GATEWAY_GROUP && !WITHOUT_STATUS.includes(plural),
).map(
  ({ group, plural }): Permission => ({
    group,
    resource: `${plural}/status`,
    verbs: [SHARED_STATUS.test(plural) ? 'update' : 'patch'],
  }),
);

const owned = (group: string, resource: string): Permission => ({
  group,
  resource,
  verbs: ['create', 'patch', 'delete'],
});

export const PERMISSIONS: readonly Permission[] = [
  ...watched,
  {
    group: 'apiextensions.k8s.io',
    resource: 'customresourcedefinitions',
    verbs: ['get'],
    name: `gateways.${GATEWAY_GROUP}`,
  },
  ...statuses,
  { group: 'events.k8s.io', resource: 'events', verbs: ['create'] },
  owned('', 'configmaps'),
  { group: '', resource: 'configmaps', verbs: ['update'] },
  owned('', 'serviceaccounts'),
  owned('', 'services'),
  owned('apps', 'deployments'),
  owned(RBAC, 'roles'),
  owned(RBAC, 'rolebindings'),
  { group: RBAC, resource: 'clusterroles', verbs: ['bind'], name: WRITER },
  {
    group: 'coordination.k8s.io',
    resource: 'leases',
    verbs: ['create'],
    scope: 'own-namespace',
  },
  {
    group: 'coordination.k8s.io',
    resource: 'leases',
    verbs: ['get', 'update'],
    name: CONTROLLER,
    scope: 'own-namespace',
  },
];

/** What the controller must not be able to do: whoever takes it over could do it too. */
export const REFUSED_PERMISSIONS: readonly Permission[] = [
  { group: '', resource: 'secrets', verbs: ['create', 'update', 'patch', 'delete'] },
  { group: '', resource: 'pods/exec', verbs: ['create'] },
  { group: RBAC, resource: 'clusterroles', verbs: ['escalate'] },
];
