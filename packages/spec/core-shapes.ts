/**
 * What the schemas of Kubernetes' own kinds are made of.
 */
import type { CelRule, Schema } from './schema.ts';

export const string: Schema = { type: 'string' };
export const boolean: Schema = { type: 'boolean' };
export const integer: Schema = { type: 'integer', format: 'int32' };
export const time: Schema = { type: 'string', format: 'date-time' };
export const stringMap: Schema = { type: 'object', additionalProperties: string };
export const anything: Schema = { type: 'object', preserveUnknown: true };
export const port: Schema = { type: 'integer', minimum: 1, maximum: 65535 };
export const labelName: Schema = {
  type: 'string',
  maxLength: 63,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
};
export const protocol: Schema = { type: 'string', enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' };
export const qualifiedName: Schema = { type: 'string', format: 'qualified-name' };
export const labelValue: Schema = { type: 'string', format: 'label-value' };
export const labels: Schema = {
  type: 'object',
  additionalProperties: labelValue,
  rules: [
    {
      rule: 'self.all(key, !format.qualifiedName().validate(key).hasValue())',
      message: 'keys must be names, or domains, "/" and names',
    },
  ],
};
export function object(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
  rules?: readonly CelRule[],
): Schema {
  return { type: 'object', properties, required, ...(rules && { rules }) };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}
