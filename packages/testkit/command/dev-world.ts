/** What tests of the command serve: origins that say who they are, and manifests for them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface NamedOrigin {
  readonly name: string;
  readonly port: number;
  readonly close: () => void;
}

/** An origin that answers each request with its own name and the request line it saw. */
export async function startNamedOrigin(name: string): Promise<NamedOrigin> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('x-origin', name);
    response.end(`${name} ${request.method} ${request.url}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    name,
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A Service and the EndpointSlice that leads to an origin on this machine. */
export function serviceManifest(name: string, port: number): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { ports: [{ port: 80 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${name}-1, labels: { kubernetes.io/service-name: ${name} } }
addressType: IPv4
ports: [{ port: ${port} }]
endpoints: [{ addresses: [127.0.0.1] }]
`;
}

export function gatewayManifest(port: number): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: sluice }
spec: { controllerName: sluice.dev/gateway-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: web }
spec:
  gatewayClassName: sluice
  listeners: [{ name: http, protocol: HTTP, port: ${port} }]
`;
}
