/**
 * What other controllers write into the statuses that we write too: it stays, to the octet, while
 * ours changes, goes and comes back, and while both write at the same time.
 */
import assert from 'node:assert/strict';
import { ApiError, type Client, type Resource } from '@sluice/kube';
import { until } from './patience.ts';
import {
  backendTlsPolicies,
  gatewayClasses,
  gateways,
  httpRoutes,
  listenerSets,
} from './resources.ts';
import type { Trial, TrialContext } from './trial.ts';
import {
  apply,
  backend,
  backendName,
  className,
  gateway,
  httpListener,
  openSite,
  route,
} from './world.ts';

export const foreignStatus: Trial = {
  name: 'foreign-status',
  about: "others' status entries and conditions stay byte-identical through many turns of ours",
  async run(context) {
    const { client, namespace, report } = context;
    await apply(context, ...backend());
    await openSite(context, 'own', 'own.example.com');
    await apply(context, policy, listenerSet, gateway('second'));
    const subjects = subjectsIn(namespace);
    for (const subject of subjects) {
      await untilOwn(client, subject, true);
      await change(client, subject, (status) => addForeign(subject, status));
    }
    const before = await readForeign(client, subjects);
    await takeTurns(context);
    assert.deepEqual(await readForeign(client, subjects), before);
    report(`${before.length} foreign entries are unchanged after ${turns} rounds of changes`);
    await writeSideBySide(context, subjects[0] as Subject);
  },
};

const turns = 6;
const settledMsMax = 20_000;
const ownName = 'sluice.dev/gateway-controller';
const foreignName = 'example.com/other-controller';
const foreignType = 'example.com/Inspected';

const policy = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'BackendTLSPolicy',
  metadata: { name: 'own' },
  spec: {
    targetRefs: [{ group: '', kind: 'Service', name: backendName }],
    validation: { hostname: 'echo.example.com', wellKnownCACertificates: 'System' },
  },
};

const listenerSet = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'ListenerSet',
  metadata: { name: 'own' },
  spec: {
    parentRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'own' },
    listeners: [{ name: 'extra', port: 8081, protocol: 'HTTP' }],
  },
};

/** Where in a status others write beside us. */
interface Subject {
  readonly resource: Resource;
  readonly namespace?: string;
  readonly name: string;
  readonly list: 'parents' | 'ancestors' | 'conditions';
}

function subjectsIn(namespace: string): readonly Subject[] {
  return [
    { resource: httpRoutes, namespace, name: 'own', list: 'parents' },
    { resource: backendTlsPolicies, namespace, name: 'own', list: 'ancestors' },
    { resource: gateways, namespace, name: 'own', list: 'conditions' },
    { resource: listenerSets, namespace, name: 'own', list: 'conditions' },
    { resource: gatewayClasses, name: className, list: 'conditions' },
  ];
}

type Status = Readonly<Record<string, unknown>>;
type Entry = Readonly<Record<string, unknown>>;

function entriesOf({ list }: Subject, status: unknown): readonly Entry[] {
  return ((status as Status | undefined)?.[list] ?? []) as readonly Entry[];
}

function isForeign(entry: Entry): boolean {
  return entry['controllerName'] === foreignName || entry['type'] === foreignType;
}

/** Around ours, so that their order counts too. Fields in an order of their own, odd texts. */
function addForeign(subject: Subject, status: Status): Status {
  // A class outlives the trial.
  const entries = entriesOf(subject, status).filter((entry) => !isForeign(entry));
  const condition = (type: string): Entry => ({
    type,
    status: 'Unknown',
    reason: 'Waiting',
    message: '  spaces, "quotes", ünïcode and a\ttab  ',
    lastTransitionTime: '2001-02-03T04:05:06Z',
    observedGeneration: 1,
  });
  if (subject.list === 'conditions') {
    return { ...status, conditions: [...entries, condition(foreignType)] };
  }
  const reference = subject.list === 'parents' ? 'parentRef' : 'ancestorRef';
  const entry = (name: string): Entry => ({
    controllerName: foreignName,
    [reference]: { kind: 'Mesh', group: 'example.com', name },
    conditions: [condition('Accepted'), condition(foreignType)],
  });
  return { ...status, [subject.list]: [entry('before'), ...entries, entry('after')] };
}

/** Read, change, replace; again when somebody else was faster, as controllers do. */
async function change(
  client: Client,
  { resource, namespace, name }: Subject,
  edit: (status: Status) => Status,
): Promise<void> {
  const place = namespace === undefined ? { name } : { namespace, name };
  for (;;) {
    const object = await client.get(resource, place);
    const status = edit((object['status'] ?? {}) as Status);
    try {
      await client.replace(
        resource,
        { ...object, status },
        {
          subresource: 'status',
        },
      );
      return;
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 409)) throw error;
    }
  }
}

/** As text: octets count. */
async function readForeign(client: Client, subjects: readonly Subject[]): Promise<string[]> {
  const found: string[] = [];
  for (const subject of subjects) {
    const entries = await readEntries(client, subject);
    const foreign = entries.filter(isForeign).map((entry) => JSON.stringify(entry));
    assert.ok(foreign.length > 0, `${subject.resource.kind} has lost its foreign entries`);
    found.push(...foreign.map((text) => `${subject.resource.kind} ${text}`));
  }
  return found;
}

async function readEntries(client: Client, subject: Subject): Promise<readonly Entry[]> {
  const { resource, namespace, name } = subject;
  const place = namespace === undefined ? { name } : { namespace, name };
  return entriesOf(subject, (await client.get(resource, place))['status']);
}

/** Whether we have an entry there, at the generation that the object has. */
async function untilOwn(client: Client, subject: Subject, wanted: boolean): Promise<void> {
  const { kind } = subject.resource;
  const what = `${kind} ${subject.name} has ${wanted ? 'an entry' : 'no entry'} of ours`;
  await until({ what, withinMs: settledMsMax }, async () => {
    const entries = await readEntries(client, subject);
    const own = entries.filter((entry) =>
      subject.list === 'conditions'
        ? entry['type'] === 'Accepted' && entry['status'] === 'True'
        : entry['controllerName'] === ownName,
    );
    return own.length > 0 === wanted ? true : undefined;
  });
}

/** Each round changes what our entries say, takes them away and brings them back. */
async function takeTurns(context: TrialContext): Promise<void> {
  const { client, namespace } = context;
  const [ofRoute, ofPolicy] = subjectsIn(namespace) as [Subject, Subject];
  for (let turn = 0; turn < turns; turn += 1) {
    const hostname = `turn-${turn}.example.com`;
    const own = { parents: [{ name: 'own' }], hostname };
    const both = { parents: [{ name: 'second' }, { name: 'own' }], hostname };
    await apply(context, route('own', { ...own, service: 'missing' }));
    await apply(context, gateway('own', [httpListener, { ...extraListener, port: 9000 + turn }]));
    await apply(context, route('own', both));
    await untilOwn(client, ofRoute, true);
    // Nobody's Gateway: our entries go, the policy's too, since nothing of ours uses the backend.
    await apply(context, route('own', { parents: [{ name: 'nobody' }], hostname }));
    await untilOwn(client, ofRoute, false);
    await untilOwn(client, ofPolicy, false);
    await apply(context, route('own', own));
    await untilOwn(client, ofRoute, true);
    await untilOwn(client, ofPolicy, true);
  }
}

const extraListener = { name: 'more', protocol: 'HTTP' };

/** Another controller counts in its entry while ours changes with every change of the route. */
async function writeSideBySide(context: TrialContext, subject: Subject): Promise<void> {
  const { client, report } = context;
  const writes = 40;
  const setReason = (entry: Entry, count: number): Entry =>
    isForeign(entry)
      ? { ...entry, conditions: [{ ...firstCondition(entry), reason: `Count${count}` }] }
      : entry;
  const count = async (): Promise<void> => {
    for (let index = 1; index <= writes; index += 1) {
      await change(client, subject, (status) => {
        const entries = entriesOf(subject, status);
        const foreign = entries.filter(isForeign).map((entry) => firstCondition(entry)['reason']);
        const last = index === 1 ? 'Waiting' : `Count${index - 1}`;
        assert.deepEqual(foreign, [last, last], 'nobody else writes its entries');
        return { ...status, parents: entries.map((entry) => setReason(entry, index)) };
      });
    }
  };
  const vary = async (): Promise<void> => {
    for (let index = 0; index < writes / 4; index += 1) {
      const service = index % 2 === 0 ? 'missing' : backendName;
      const hostname = 'side.example.com';
      await apply(context, route('own', { parents: [{ name: 'own' }], hostname, service }));
    }
  };
  await Promise.all([count(), vary()]);
  await untilOwn(client, subject, true);
  report(`${writes} writes of another controller beside ours: none was lost or undone`);
}

function firstCondition(entry: Entry): Entry {
  const [first] = entry['conditions'] as readonly Entry[];
  return first ?? {};
}
