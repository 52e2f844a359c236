/**
 * Names and labels of what a Gateway owns in its namespace. A Gateway's name may have 253
 * characters and dots; a Service's 63 and none, a label's value 63. What does not fit is cut, and
 * a hash of the whole tells it apart.
 */
import { configPartNames } from '@sluice/model';
import { hashText, writeHash } from '../version.ts';

export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
export const MANAGED_BY = 'sluice-gateway-controller';
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';
export const GATEWAY_CLASS_LABEL = 'gateway.networking.k8s.io/gateway-class-name';

const LENGTH_MAX = 63;
const HASH_LENGTH = 8;

/** `<gateway>-<class>` as a DNS label that begins with a letter, at most 63 characters. */
export function ownedName(gateway: string, gatewayClass: string): string {
  const whole = `${gateway}-${gatewayClass}`;
  if (whole.length <= LENGTH_MAX && /^[a-z][a-z0-9-]*$/.test(whole)) return whole;
  const plain = whole.replaceAll(/[^a-z0-9-]/g, '-');
  return cut(/^[a-z]/.test(plain) ? plain : `gw-${plain}`, whole);
}

/** The ConfigMap of a part of the config that is too large for the index. */
export function partName(owned: string, part: string): string {
  return `${owned}-part-${part}`;
}

/** Every ConfigMap in which a Gateway's config may be published: the index, then the parts. */
export function configMapNames(owned: string): readonly string[] {
  return [owned, ...configPartNames.map((part) => partName(owned, part))];
}

/** The RoleBinding by which the controller may write Secrets in the Gateway's namespace. */
export function writerName(owned: string): string {
  return `${owned}-writer`;
}

/** On every owned object; the last two select its Pods. */
export function ownedLabels(
  gateway: string,
  gatewayClass: string,
): Readonly<Record<string, string>> {
  return { [MANAGED_BY_LABEL]: MANAGED_BY, ...selectorLabels(gateway, gatewayClass) };
}

export function selectorLabels(
  gateway: string,
  gatewayClass: string,
): Readonly<Record<string, string>> {
  return {
    [GATEWAY_NAME_LABEL]: labelValue(gateway),
    [GATEWAY_CLASS_LABEL]: labelValue(gatewayClass),
  };
}

function labelValue(name: string): string {
  return name.length <= LENGTH_MAX ? name : cut(name, name);
}

function cut(text: string, whole: string): string {
  const kept = text.slice(0, LENGTH_MAX - HASH_LENGTH - 1).replace(/[^a-z0-9]+$/, '');
  return `${kept}-${writeHash(hashText(whole)).slice(0, HASH_LENGTH)}`;
}
