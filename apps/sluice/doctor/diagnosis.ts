/** All that is looked at in a cluster, in the order in which it has to be right. */
import type { Client } from '@sluice/kube';
import type { CheckResult } from './check-result.ts';
import { checkDefinitions } from './definition-check.ts';
import { checkInstallation } from './installation-check.ts';
import { checkPermissions, type ServiceAccountName } from './permission-check.ts';
import { checkServer } from './server-check.ts';

export interface DiagnosisOptions {
  readonly client: Client;
  /** As `https://HOST:PORT`. */
  readonly server: string;
  /** Of the Gateway API, as `v1.7.0`. */
  readonly release: string;
  readonly namespace: string;
  readonly controllerName: string;
  /** Whose permissions are looked at; absent: the controller's, or the caller's without one. */
  readonly serviceAccount?: ServiceAccountName;
  readonly now: number;
}

export async function diagnoseCluster(options: DiagnosisOptions): Promise<CheckResult[]> {
  const { client, namespace } = options;
  const server = await checkServer(client, options.server);
  if (server.state === 'missing') return [server];
  const definitions = await checkDefinitions(client, options.release);
  const installation = await checkInstallation(options);
  const serviceAccount = options.serviceAccount ?? installation.serviceAccount;
  const permissions = await checkPermissions({
    client,
    namespace,
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
  });
  return [server, ...definitions, ...permissions, ...installation.results];
}
