/**
 * The manifests that the reload suite edits: a Gateway with an HTTP and an HTTPS listener, a route
 * that traffic uses all the time, one whose rules change places, and any number of others.
 *
 * Pure: a world renders to files; nothing is written here.
 */

export interface World {
  /** Value of the response header `x-version` of the route under traffic. */
  readonly version: number;
  /** Which of the two equal rules of `/order` stands first, and so wins. */
  readonly firstRule: 'a' | 'b';
  /** Numbers of the routes `/extra-N`, in the order they stand in their file. */
  readonly extras: readonly number[];
  readonly certificate: CertificatePem;
}

export interface CertificatePem {
  readonly chain: string;
  readonly key: string;
}

/** File name to content. */
export function renderWorld(world: World): Map<string, string> {
  return new Map([
    ['gateway.yaml', gateway],
    ['certificate.yaml', secret(world.certificate)],
    ['stable.yaml', route('stable', [rule(['/stable', '/socket'], String(world.version))])],
    ['order.yaml', route('order', orderRules(world.firstRule))],
    ['extras.yaml', world.extras.map(extra).join('---\n')],
  ]);
}

const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: sluice }
spec: { controllerName: sluice.dev/gateway-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gateway, namespace: bench }
spec:
  gatewayClassName: sluice
  listeners:
    - { name: web, port: 80, protocol: HTTP }
    - name: secure
      port: 443
      protocol: HTTPS
      tls: { certificateRefs: [{ name: certificate }] }
---
apiVersion: v1
kind: Service
metadata: { name: origin, namespace: bench }
spec: { ports: [{ port: 80 }] }
`;

function orderRules(first: 'a' | 'b'): string[] {
  const rules = { a: rule(['/order'], 'a'), b: rule(['/order'], 'b') };
  return first === 'a' ? [rules.a, rules.b] : [rules.b, rules.a];
}

function extra(number: number): string {
  return route(`extra-${number}`, [rule([`/extra-${number}`], String(number))]);
}

function route(name: string, rules: readonly string[]): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: bench }
spec:
  parentRefs: [{ name: gateway }]
  rules:
${rules.join('')}`;
}

function rule(paths: readonly string[], version: string): string {
  const matches = paths.map((path) => `{ path: { type: PathPrefix, value: ${path} } }`);
  return `    - matches: [${matches.join(', ')}]
      filters:
        - type: ResponseHeaderModifier
          responseHeaderModifier: { set: [{ name: x-version, value: "${version}" }] }
      backendRefs: [{ name: origin, port: 80 }]
`;
}

function secret({ chain, key }: CertificatePem): string {
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  return `apiVersion: v1
kind: Secret
metadata: { name: certificate, namespace: bench }
type: kubernetes.io/tls
data:
  tls.crt: ${encode(chain)}
  tls.key: ${encode(key)}
`;
}
