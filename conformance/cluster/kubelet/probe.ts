/** Readiness probes over HTTP, HTTPS and TCP, as a Pod's author declares them. */
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { connect } from 'node:net';
import type { ContainerPort, Probe } from './pod.ts';

const defaultTimeoutSeconds = 1;

/** Never rejects: what can't be asked is not ready. As kubelets do, it checks no certificate. */
export function probeContainer(
  probe: Probe,
  { ports, address }: { ports: readonly ContainerPort[]; address: string },
): Promise<boolean> {
  const timeout = (probe.timeoutSeconds ?? defaultTimeoutSeconds) * 1000;
  const { httpGet, tcpSocket } = probe;
  const port = portNumber(httpGet?.port ?? tcpSocket?.port ?? 0, ports);
  return new Promise((done) => {
    if (httpGet === undefined) {
      const socket = connect({ host: address, port, timeout });
      const finish = (open: boolean) => {
        socket.destroy();
        done(open);
      };
      socket.once('connect', () => finish(true));
      socket.once('timeout', () => finish(false));
      socket.once('error', () => finish(false));
      return;
    }
    const get = httpGet.scheme === 'HTTPS' ? getHttps : getHttp;
    const options = { host: address, port, path: httpGet.path ?? '/', timeout, agent: false };
    const request = get({ ...options, rejectUnauthorized: false }, ({ statusCode = 0 }) => {
      request.destroy();
      done(statusCode >= 200 && statusCode < 400);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => done(false));
    request.once('close', () => done(false));
  });
}

function portNumber(port: number | string, ports: readonly ContainerPort[]): number {
  if (typeof port === 'number') return port;
  return ports.find(({ name }) => name === port)?.containerPort ?? Number(port);
}
