/**
 * What of Kubernetes' own kinds the validator does not model, and why. Nothing of it is drawn, and
 * nothing of it is compared; of the Gateway API's kinds there is no such list.
 */
import type { Schema } from '@sluice/spec';

interface Unmodelled {
  /** As `spec.ports.nodePort`, without indices. */
  readonly fields: readonly string[];
  readonly why: string;
}

const unmodelled: Readonly<Record<string, readonly Unmodelled[]>> = {
  Service: [
    {
      why: 'addresses and ports that the cluster hands out: only the cluster knows which are free',
      fields: [
        'spec.clusterIP',
        'spec.clusterIPs',
        'spec.ipFamilies',
        'spec.ipFamilyPolicy',
        'spec.ports.nodePort',
        'spec.healthCheckNodePort',
        'spec.allocateLoadBalancerNodePorts',
      ],
    },
    {
      why: 'read by kube-proxy and load balancers, not by a gateway: held to their types only',
      fields: [
        'spec.externalIPs',
        'spec.sessionAffinity',
        'spec.sessionAffinityConfig',
        'spec.loadBalancerIP',
        'spec.loadBalancerClass',
        'spec.loadBalancerSourceRanges',
        'spec.externalTrafficPolicy',
        'spec.internalTrafficPolicy',
        'spec.trafficDistribution',
      ],
    },
  ],
  EndpointSlice: [
    {
      why: 'topology and names of Pods: held to their types only',
      fields: [
        'endpoints.hints',
        'endpoints.deprecatedTopology',
        'endpoints.targetRef',
        'endpoints.hostname',
        'endpoints.nodeName',
        'endpoints.zone',
      ],
    },
  ],
  Secret: [
    {
      why: 'each type has rules of its own about keys; whether a certificate is of use is for the core',
      fields: ['type'],
    },
    {
      why: 'stays where it is written, and is read there; a server moves it into data',
      fields: ['stringData'],
    },
  ],
  Namespace: [{ why: 'finalizers of the cluster itself', fields: ['spec'] }],
  Pod: [
    {
      why: 'what a kubelet makes of them: only containers, their names, images and ports are read',
      fields: ['spec.*', 'spec.containers.*', 'spec.containers.ports.*'],
    },
  ],
  Deployment: [
    {
      why: 'what its controller makes of it: only the template, the selector and the count are read',
      fields: [
        'spec.*',
        'spec.template.metadata.*',
        'spec.template.spec.*',
        'spec.template.spec.containers.*',
        'spec.template.spec.containers.ports.*',
      ],
    },
  ],
};

/** The schema without those fields, and without room for unknown ones. */
export function withoutUnmodelled(kind: string, schema: Schema): Schema {
  return narrow(schema, [], new Set(fieldsOf(kind)));
}

function narrow(schema: Schema, path: readonly string[], left: ReadonlySet<string>): Schema {
  const { properties, items } = schema;
  return {
    ...schema,
    ...(items && { items: narrow(items, path, left) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties)
          .filter(([name]) => name !== 'status' && !left.has([...path, name].join('.')))
          .map(([name, child]) => [name, narrow(child, [...path, name], left)]),
      ),
    }),
  };
}

/** A copy of the object without those fields, and for `*` without those that `schema` lacks. */
export function dropUnmodelled(kind: string, object: unknown, schema: Schema): unknown {
  const fields = new Set([...fieldsOf(kind), 'status']);
  return drop(object, { path: [], schema, fields });
}

interface Dropping {
  readonly path: readonly string[];
  readonly schema: Schema | undefined;
  readonly fields: ReadonlySet<string>;
}

function drop(value: unknown, { path, schema, fields }: Dropping): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => drop(item, { path, schema: schema?.items, fields }));
  }
  if (typeof value !== 'object' || value === null) return value;
  const others = fields.has([...path, '*'].join('.'));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !fields.has([...path, name].join('.')))
      .filter(([name]) => !others || schema?.properties?.[name] !== undefined)
      .map(([name, child]) => {
        const inside = schema?.properties?.[name] ?? schema?.additionalProperties;
        return [name, drop(child, { path: [...path, name], schema: inside, fields })];
      }),
  );
}

function fieldsOf(kind: string): readonly string[] {
  return unmodelled[kind]?.flatMap(({ fields }) => fields) ?? [];
}
