/**
 * Defaults of Kubernetes' own kinds that depend on other fields, which a schema can't say.
 */
import { isDns1123Label } from './format.ts';
import { isObject, type JsonObject } from './json.ts';

/** Fills in place; the object must be a copy. */
export function fillCoreDefaults(object: JsonObject): void {
  if (object.apiVersion !== 'v1') return;
  if (object.kind === 'Service') fillTargetPorts(object);
  if (object.kind === 'Namespace') fillNameLabel(object);
}

function fillTargetPorts({ spec }: JsonObject): void {
  if (!isObject(spec) || !Array.isArray(spec.ports)) return;
  for (const port of spec.ports) {
    if (isObject(port) && isPort(port.port)) port.targetPort ??= port.port;
  }
}

/** A port that is wrong is reported once, where it was written. */
function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535;
}

function fillNameLabel({ metadata }: JsonObject): void {
  if (!isObject(metadata) || !isDns1123Label(String(metadata.name))) return;
  const labels = metadata.labels ?? {};
  if (!isObject(labels)) return;
  labels['kubernetes.io/metadata.name'] = metadata.name;
  metadata.labels = labels;
}
