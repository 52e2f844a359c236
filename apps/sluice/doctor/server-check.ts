/** The API server: whether it answers, and whether it is new enough for the CRDs' rules. */
import { ApiError, type Client } from '@sluice/kube';
import type { CheckResult } from './check-result.ts';
import { textIn } from './look.ts';

/** The first one whose CEL knows the functions that the Gateway API's rules call. */
const MINOR_MIN = 31;

/** `missing`: it can't be reached, and there is no use in asking for more. */
export async function checkServer(client: Client, server: string): Promise<CheckResult> {
  const check = 'API server';
  try {
    const version = textIn(await client.request('GET', '/version'), 'gitVersion');
    return { check, ...judgeVersion(version), found: `${version} at ${server}` };
  } catch (error) {
    return {
      check,
      state: 'missing',
      found: error instanceof Error ? error.message : String(error),
      advice:
        error instanceof ApiError
          ? 'mend or renew the credentials in the kubeconfig, or choose others with --context'
          : `make ${server} reachable from here, or choose another cluster with --context`,
    };
  }
}

function judgeVersion(version: string): Pick<CheckResult, 'state' | 'advice'> {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  // Those who build it themselves may leave the version out.
  if (major !== '1' || Number(minor) >= MINOR_MIN) return { state: 'ok' };
  return {
    state: 'warning',
    advice: `upgrade to Kubernetes 1.${MINOR_MIN} or newer: this one can't take the v1.7.0 CRDs`,
  };
}
