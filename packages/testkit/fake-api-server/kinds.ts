/** The kinds that the fake API server serves, and which part of them a path names. */

export interface FakeKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Status is written on its own, and `metadata.generation` counts changes of all else. */
  readonly hasStatus: boolean;
}

export const fakeKinds: readonly FakeKind[] = [
  kind('', 'configmaps', 'ConfigMap'),
  kind('', 'secrets', 'Secret'),
  kind('coordination.k8s.io', 'leases', 'Lease'),
  {
    ...kind('gateway.networking.k8s.io', 'gatewayclasses', 'GatewayClass', true),
    namespaced: false,
  },
  kind('gateway.networking.k8s.io', 'gateways', 'Gateway', true),
];

function kind(group: string, plural: string, name: string, hasStatus = false): FakeKind {
  return { group, version: 'v1', plural, kind: name, namespaced: true, hasStatus };
}

export interface Target {
  readonly kind: FakeKind;
  /** Absent: all of them, or a kind that has none. */
  readonly namespace?: string;
  /** Absent: the collection. */
  readonly name?: string;
  readonly subresource?: string;
}

const part = '([^/]+)';
const pathShape = new RegExp(
  `^/(?:api|apis/${part})/${part}(?:/namespaces/${part})?/${part}(?:/${part}(?:/${part})?)?$`,
);

export function parseTarget(path: string): Target | undefined {
  const [, group = '', version, namespace, plural, name, subresource] =
    pathShape.exec(path)?.map((text) => (text === undefined ? text : decodeURIComponent(text))) ??
    [];
  const found = fakeKinds.find(
    (candidate) =>
      candidate.group === group && candidate.version === version && candidate.plural === plural,
  );
  if (found === undefined || (subresource !== undefined && !servesStatus(found, subresource))) {
    return undefined;
  }
  return {
    kind: found,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function servesStatus({ hasStatus }: FakeKind, subresource: string): boolean {
  return hasStatus && subresource === 'status';
}
