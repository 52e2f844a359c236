/** Requests to the API server with any token, and the answer as it comes: logs are no JSON. */
import { request } from 'node:https';
import { readKubeconfig } from '@sluice/kube';
import type { Cluster } from '../cluster/cluster.ts';
import { type Answer, readAnswer } from './request.ts';

export interface ApiCall {
  readonly method?: string;
  /** With its query. */
  readonly path: string;
  /** Becomes JSON. */
  readonly body?: object;
}

export type CallApi = (call: ApiCall) => Promise<Answer>;

const timeoutMs = 10_000;

/** With this token; without one as the administrator. */
export async function apiCaller(cluster: Cluster, token?: string): Promise<CallApi> {
  const access = await readKubeconfig({ path: cluster.kubeconfig });
  const { credentials } = access;
  const bearer = token ?? (credentials.kind === 'token' ? credentials.token : '');
  return ({ method = 'GET', path, body }) => {
    const outgoing = request(`${access.server}${path}`, {
      method,
      ca: access.certificateAuthority,
      agent: false,
      timeout: timeoutMs,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    });
    if (body !== undefined) outgoing.write(JSON.stringify(body));
    return readAnswer(outgoing);
  };
}
