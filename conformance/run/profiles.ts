/**
 * The suite's conformance profiles of gateways. Each stands on one kind of routes; the suite runs
 * the core tests of a profile whether or not a class lists the features that they are about.
 */

/** Short name to the feature without which the profile makes no sense. */
const mainFeatures = new Map([
  ['http', 'HTTPRoute'],
  ['grpc', 'GRPCRoute'],
  ['tls', 'TLSRoute'],
  ['tcp', 'TCPRoute'],
  ['udp', 'UDPRoute'],
]);

export const allProfiles: readonly string[] = [...mainFeatures.keys()];

/** The suite's name for what people may write short or in full. Throws when it is none. */
export function profileNamed(name: string): string {
  const short = name.toLowerCase().replace(/^gateway-/, '');
  if (mainFeatures.has(short)) return fullName(short);
  throw new Error(`unknown profile ${name}; one of: ${allProfiles.join(', ')}`);
}

/** Those whose kind of routes a class with these features serves, by the suite's names. */
export function claimedProfiles(features: readonly string[]): readonly string[] {
  const claimed = [...mainFeatures].filter(([, feature]) => features.includes(feature));
  if (claimed.length === 0) throw new Error('the GatewayClass lists no kind of routes');
  return claimed.map(([short]) => fullName(short));
}

function fullName(short: string): string {
  return `GATEWAY-${short.toUpperCase()}`;
}
