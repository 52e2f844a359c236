/** Parts → ProxyConfig: the inverse of splitting, for any order of the parts. */
import type { BackendConfig, HttpRouteConfig, ProxyConfig } from '../config.ts';
import { type ListDelta, listDelta } from '../list-delta.ts';
import { createBindJoiner } from './join-binds.ts';
import { createOrderer } from './order.ts';
import {
  type ConfigPart,
  compareBackends,
  compareRoutes,
  type HeadEntry,
  type RouteEntry,
} from './part.ts';

/** The config whose parts these are, in any order; `version` travels beside them. */
export type ConfigJoiner = (version: string, parts: readonly ConfigPart[]) => ProxyConfig;

/**
 * For the successive configs of one Gateway: costs the parts that changed, and lists and objects
 * of which nothing changed stay the same.
 */
export function createConfigJoiner(): ConfigJoiner {
  const joinBinds = createBindJoiner();
  const orderRoutes = createOrderer<RouteEntry>({
    compare: (one, other) => compareRoutes(one.route, other.route),
    idOf: ({ route }) => route.id,
  });
  const orderBackends = createOrderer<BackendConfig>({
    compare: compareBackends,
    idOf: ({ id }) => id,
  });
  let contents: readonly PartContent[] = [];
  let entries: readonly RouteEntry[] = [];
  let routes: readonly HttpRouteConfig[] = [];
  return (version, parts) => {
    const before = new Map(contents.map((content) => [content.part.name, content]));
    contents = parts.map((part) => {
      const known = before.get(part.name);
      return known?.part === part ? known : readContent(part);
    });
    const heads = contents.flatMap((content) => content.heads);
    const backends = orderBackends({
      lists: contents.map((content) => content.backends),
      ids: heads.find((entry) => entry.kind === 'backend-order')?.ids,
      delta: changesOf(before, contents, (content) => content.backends),
    });
    const delta = changesOf(before, contents, (content) => content.routes);
    const inOrder = orderRoutes({
      lists: contents.map((content) => content.routes),
      ids: heads.find((entry) => entry.kind === 'route-order')?.ids,
      delta,
    });
    if (inOrder !== entries) routes = inOrder.map(({ route }) => route);
    entries = inOrder;
    return {
      version,
      gateway: gatewayOf(heads),
      binds: joinBinds(heads, entries),
      routes,
      backends,
    };
  };
}

interface PartContent {
  readonly part: ConfigPart;
  readonly heads: readonly HeadEntry[];
  readonly routes: readonly RouteEntry[];
  readonly backends: readonly BackendConfig[];
}

function readContent(part: ConfigPart): PartContent {
  const heads: HeadEntry[] = [];
  const routes: RouteEntry[] = [];
  const backends: BackendConfig[] = [];
  for (const entry of part.entries) {
    if (entry.kind === 'route') routes.push(entry);
    else if (entry.kind === 'backend') backends.push(entry.backend);
    else heads.push(entry);
  }
  return { part, heads, routes, backends };
}

/** Undefined: it can't be told which part became which. */
function changesOf<Item>(
  before: ReadonlyMap<string, PartContent>,
  after: readonly PartContent[],
  itemsOf: (content: PartContent) => readonly Item[],
): ListDelta<Item> | undefined {
  const names = new Set(after.map(({ part }) => part.name));
  if (names.size < after.length) return undefined;
  const gone: Item[] = [];
  const come: Item[] = [];
  for (const content of after) {
    const known = before.get(content.part.name);
    if (known === content) continue;
    const delta = listDelta(known === undefined ? [] : itemsOf(known), itemsOf(content));
    for (const item of delta.gone) gone.push(item);
    for (const item of delta.come) come.push(item);
  }
  for (const [name, content] of before) {
    if (!names.has(name)) for (const item of itemsOf(content)) gone.push(item);
  }
  return { gone, come };
}

function gatewayOf(heads: readonly HeadEntry[]): ProxyConfig['gateway'] {
  const head = heads.find((entry) => entry.kind === 'gateway');
  return head?.gateway ?? { kind: '', namespace: '', name: '' };
}
