/** `sluice controller` */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { createClient } from '@sluice/kube';
import type { CommandContext } from '../command-context.ts';
import { ClusterError, checkCluster, findAccess, findNamespace } from '../controller/access.ts';
import {
  type ClusterControllerOptions,
  startClusterController,
} from '../controller/cluster-controller.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { untilSignal } from '../world/signal.ts';

export interface ControllerOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly controllerName: string;
  readonly namespace?: string;
  readonly leaderElection: 'on' | 'off';
  readonly admin: { readonly host: string; readonly port: number };
  /** Of the data planes. */
  readonly image?: string;
}

/** Where data planes answer, as their Deployments declare it. */
const POD_PORT = 15_020;

export async function runController(
  { terminal, log }: CommandContext,
  options: ControllerOptions,
): Promise<ExitCode> {
  const access = await findAccess(options);
  const client = createClient(access);
  try {
    const served = await checkCluster(client, access.server);
    const namespace = await findNamespace(options.namespace);
    const provisioning = options.image === undefined ? {} : provision(options.image, namespace);
    if (options.image === undefined) log.warn('no data planes are made: --image says of what');
    const controller = await startClusterController({
      client,
      served,
      log,
      admin: options.admin,
      controllerName: options.controllerName,
      namespace,
      ...provisioning,
      instance: nameInstance(process.env['POD_NAME']),
      leaderElection: options.leaderElection === 'on',
      podPort: POD_PORT,
    });
    log.info('controlling', { server: access.server, adminPort: controller.adminPort });
    await untilSignal();
    await controller.stop();
    return EXIT_CODE.ok;
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    terminal.err(`sluice: ${error.message}`);
    return EXIT_CODE.failure;
  } finally {
    client.close();
  }
}

/**
 * A Pod runs one controller at a time, so one that is started again in its Pod takes its Lease up
 * at once. Processes elsewhere may share a host.
 */
function nameInstance(podName: string | undefined): string {
  return podName || `${hostname()}-${randomBytes(4).toString('hex')}`;
}

const SERVICE_ACCOUNT_DEFAULT = 'sluice-controller';

/** In a Pod the names are those that its manifest hands down in the environment. */
function provision(image: string, own: string): Pick<ClusterControllerOptions, 'provisioning'> {
  const namespace = process.env['POD_NAMESPACE'] ?? own;
  const name = process.env['POD_SERVICE_ACCOUNT'] ?? SERVICE_ACCOUNT_DEFAULT;
  return { provisioning: { image, serviceAccount: { namespace, name } } };
}
