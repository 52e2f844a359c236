/**
 * Schemas of what runs backends: Pods and Deployments, read in part; other fields are kept as they
 * are.
 *
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
 */
import {
  integer,
  labelName,
  labels,
  labelValue,
  list,
  object,
  port,
  protocol,
  qualifiedName,
} from './core-shapes.ts';
import type { Schema } from './schema.ts';

const containerPorts: Schema = {
  ...list({
    ...object(
      {
        name: { type: 'string', format: 'port-name', emptyIsAbsent: true },
        containerPort: { ...port, emptyIsAbsent: true },
        protocol: { ...protocol, emptyIsAbsent: true },
      },
      ['containerPort'],
    ),
    preserveUnknown: true,
  }),
  rules: [
    {
      rule: 'self.all(p, !has(p.name) || self.exists_one(q, has(q.name) && q.name == p.name))',
      message: 'port names must be unique within the container',
    },
  ],
};

const container: Schema = {
  ...object(
    {
      name: { ...labelName, emptyIsAbsent: true },
      image: { type: 'string', minLength: 1, emptyIsAbsent: true },
      ports: containerPorts,
    },
    ['name', 'image'],
  ),
  preserveUnknown: true,
};

export const podSpec: Schema = {
  ...object(
    {
      containers: { ...list(container), minItems: 1, listType: 'map', listMapKeys: ['name'] },
    },
    ['containers'],
  ),
  preserveUnknown: true,
};

const labelSelector = object({
  matchLabels: labels,
  matchExpressions: list(
    object(
      {
        key: qualifiedName,
        operator: { type: 'string', enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'] },
        values: { type: 'array', items: labelValue },
      },
      ['key', 'operator'],
      [
        {
          rule: "self.operator in ['In', 'NotIn'] == (has(self.values) && self.values.size() > 0)",
          message: 'values must be specified for In and NotIn, and for these only',
        },
      ],
    ),
  ),
});

const templateLabels =
  '(has(self.template.metadata) && has(self.template.metadata.labels) ? self.template.metadata.labels : {})';

export const deploymentSpec: Schema = {
  ...object(
    {
      replicas: { ...integer, minimum: 0, default: 1 },
      selector: labelSelector,
      template: object(
        { metadata: { ...object({ labels }), preserveUnknown: true }, spec: podSpec },
        ['spec'],
      ),
    },
    ['selector', 'template'],
    [
      {
        rule:
          'has(self.selector.matchLabels) && self.selector.matchLabels.size() > 0 || ' +
          'has(self.selector.matchExpressions) && self.selector.matchExpressions.size() > 0',
        message: 'selector must contain at least one label or expression',
      },
      {
        rule:
          '!has(self.selector.matchLabels) || self.selector.matchLabels.all(key, ' +
          `key in ${templateLabels} && ${templateLabels}[key] == self.selector.matchLabels[key])`,
        message: 'selector.matchLabels must select the labels of the template',
      },
      {
        rule:
          '!has(self.selector.matchExpressions) || self.selector.matchExpressions.all(e, ' +
          `e.operator in ['In', 'Exists'] ? e.key in ${templateLabels} && ` +
          `(e.operator == 'Exists' || ${templateLabels}[e.key] in e.values) : ` +
          `!(e.key in ${templateLabels}) || ` +
          `(e.operator == 'NotIn' && !(${templateLabels}[e.key] in e.values)))`,
        message: 'selector.matchExpressions must select the labels of the template',
      },
    ],
  ),
  preserveUnknown: true,
};
