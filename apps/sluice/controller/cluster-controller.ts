/**
 * The controller put together: reflectors, world, loop, acknowledgements, leadership, admin port.
 *
 * No turn is taken before every kind has been listed once: half a world would take away what is
 * served. An API server that goes away later stops nothing: the reflectors come back when it does.
 */
import {
  type Ack,
  type Capabilities,
  ownedName,
  type Provisioning,
  type Settings,
} from '@sluice/core';
import { type Client, type LeaderElection, runLeaderElection } from '@sluice/kube';
import { type Controller, objectKey } from '@sluice/sansio';
import type { Gateway } from '@sluice/spec';
import { createPublisher } from '../cluster/publisher.ts';
import type { Log } from '../log.ts';
import { type Acknowledgements, createAcknowledgements } from './acknowledgements.ts';
import { startControllerAdmin } from './admin.ts';
import { type ClusterReflectors, startClusterReflectors } from './cluster-reflectors.ts';
import { createClusterWorld, createReadyAddresses, type ReadyAddresses } from './cluster-world.ts';
import { createConfigPublication } from './config-publication.ts';
import { startControlLoop } from './control-loop.ts';
import { createControllerMetrics } from './controller-metrics.ts';
import { createEventRecorder } from './event-recorder.ts';
import { createObjectStore, type ObjectStore } from './object-store.ts';
import { createObjectWriter } from './object-writer.ts';
import { createPodClient } from './pod-question.ts';
import { GATEWAY_GROUP, type ServedKinds } from './served-kinds.ts';
import { createStatusWriter } from './status-writer.ts';

export interface ClusterControllerOptions {
  readonly client: Client;
  readonly served: ServedKinds;
  readonly controllerName: string;
  /** Where the lease is. */
  readonly namespace: string;
  /** Name of this replica. */
  readonly instance: string;
  readonly leaderElection: boolean;
  readonly admin: { readonly host: string; readonly port: number };
  /** The data planes' admin port. */
  readonly podPort: number;
  /** How data planes are made; absent: somebody else makes them. */
  readonly provisioning?: Provisioning;
  readonly log: Log;
}

export interface ClusterController {
  readonly adminPort: number;
  /** Ends the turn under way, gives the lease back, closes everything. */
  stop(): Promise<void>;
}

export async function startClusterController(
  options: ClusterControllerOptions,
): Promise<ClusterController> {
  const { client, log } = options;
  const state = { served: options.served, controller: undefined as Controller | undefined };
  const ready = createReadyAddresses();
  const store = createObjectStore({
    onChange(ref, object) {
      if (ref.kind === 'EndpointSlice') ready.note(objectKey(ref), object);
      state.controller?.wake({ kind: 'object-event', object: ref });
    },
  });
  const reflectors = startClusterReflectors({
    client,
    store,
    log,
    served: options.served,
    onServed(served) {
      state.served = served;
      state.controller?.wake({ kind: 'timer', name: 'discovery' });
    },
  });
  const pods = createPodClient(options.podPort);
  const acknowledgements = createAcknowledgements({
    ask: pods.ask,
    onNews: (gateway) => state.controller?.wake({ kind: 'ack', source: gateway }),
  });
  const parts = buildParts({ ...options, store, reflectors, acknowledgements, ready, state });
  const stopParts = async (): Promise<void> => {
    parts.objectWriter.stop();
    acknowledgements.stop();
    await parts.election.stop();
    await reflectors.stop();
    pods.close();
  };
  const admin = await startControllerAdmin(options.admin, {
    unready: () => (state.controller === undefined ? whyUnready(reflectors) : undefined),
    metrics: () =>
      parts.metrics.render({
        leader: parts.election.isLeader(),
        reflectors: reflectors.states(),
        objects: store.count,
        eventsDropped: parts.events.dropped,
      }),
  }).catch(async (error: unknown) => {
    await stopParts();
    throw error;
  });
  let stopped = false;
  void reflectors.synced.then(() => {
    if (stopped) return;
    log.info('all kinds are listed; the loop begins', { objects: store.count });
    state.controller = startControlLoop({ ...parts, isLeader: parts.election.isLeader, log });
    state.controller.wake({ kind: 'timer', name: 'start' });
  });
  return {
    adminPort: admin.port,
    async stop() {
      stopped = true;
      await state.controller?.stop();
      await stopParts();
      await admin.close();
    },
  };
}

/** What changes while the controller runs. */
interface State {
  served: ServedKinds;
  controller: Controller | undefined;
}

interface PartOptions extends ClusterControllerOptions {
  readonly store: ObjectStore;
  readonly reflectors: ClusterReflectors;
  readonly acknowledgements: Acknowledgements;
  readonly ready: ReadyAddresses;
  readonly state: State;
}

function buildParts(options: PartOptions) {
  const { client, store, state, acknowledgements, controllerName } = options;
  const writePorts = { client, store, resourceOf: options.reflectors.resourceOf };
  const world = createClusterWorld({
    store,
    settings: settingsOf(options),
    capabilities: () => capabilitiesOf(state.served),
    acks: () => listAcks(options),
  });
  const publisher = createPublisher({ store: client });
  const publication = createConfigPublication({ store, world, publisher, acknowledgements });
  return {
    snapshot: world.snapshot,
    publication,
    statusWriter: createStatusWriter({ ...writePorts, controllerName }),
    objectWriter: createObjectWriter(writePorts),
    events: createEventRecorder({
      client,
      find: store.find,
      controllerName,
      instance: options.instance,
      now: () => Date.now(),
    }),
    metrics: createControllerMetrics(),
    election: startElection(options, () => {
      publication.forget();
      state.controller?.wake({ kind: 'leadership' });
    }),
  };
}

function startElection(options: ClusterControllerOptions, onChange: () => void): LeaderElection {
  const { client, namespace, instance: identity, log } = options;
  if (!options.leaderElection) return { isLeader: () => true, stop: async () => {} };
  return runLeaderElection({
    client,
    namespace,
    identity,
    name: 'sluice-controller',
    onChange(leads) {
      log.info(leads ? 'this replica leads' : 'this replica follows', { instance: identity });
      onChange();
    },
    onProblem(error) {
      const problem = error instanceof Error ? error.message : String(error);
      log.warn(`the Lease ${namespace}/sluice-controller can't be used`, { problem });
    },
  });
}

/** Brings the questions in line with the Gateways and their ready Pods, and says what is known. */
function listAcks({ store, ready, acknowledgements }: PartOptions): readonly Ack[] {
  const addresses = new Map<string, readonly string[]>();
  for (const object of store.listOf(GATEWAY_GROUP, 'Gateway')) {
    const { metadata, spec } = object as unknown as Gateway;
    const owned = ownedName(metadata.name, spec.gatewayClassName);
    const service = `${metadata.namespace}/${owned}`;
    addresses.set(`${metadata.namespace}/${metadata.name}`, ready.of(service));
  }
  acknowledgements.follow(addresses);
  return acknowledgements.list();
}

/** Pods bind no privileged port: Services lead there from the ports of listeners. */
const PRIVILEGED_PORT_SHIFT = 10_000;

function settingsOf(options: ClusterControllerOptions): Settings {
  const { controllerName, podPort, provisioning } = options;
  return {
    controllerName,
    namespaces: 'known',
    portMapping: {},
    privilegedPortShift: PRIVILEGED_PORT_SHIFT,
    reservedPorts: [podPort],
    addresses: {},
    usableAddresses: [],
    allowLoopbackEndpoints: false,
    ...(provisioning === undefined ? {} : { provisioning }),
  };
}

function capabilitiesOf({ channel }: ServedKinds): Capabilities {
  return { channel };
}

function whyUnready(reflectors: ClusterReflectors): string {
  const waiting = [...reflectors.states()].filter(([, synced]) => !synced);
  return `not listed yet: ${waiting.map(([kind]) => kind).join(', ')}`;
}
