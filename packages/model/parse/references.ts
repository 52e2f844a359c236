/**
 * What is wrong between the parts of a config that is right in each part.
 * Paths are written only where there is a problem.
 */
import type { BindConfig, FilterConfig, HttpRouteConfig, ProxyConfig } from '../config.ts';
import type { ConfigProblem } from '../problem.ts';

export function findReferenceProblems(config: ProxyConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const routes = new Set(config.routes.map((route) => route.id));
  const backends = new Set(config.backends.map((backend) => backend.id));
  if (routes.size < config.routes.length) {
    const ids = config.routes.map((route) => route.id);
    problems.push(...findRepeated('routes', '.id', ids));
  }
  if (backends.size < config.backends.length) {
    const ids = config.backends.map((backend) => backend.id);
    problems.push(...findRepeated('backends', '.id', ids));
  }
  const ports = config.binds.map((bind) => bind.bindPort);
  problems.push(...findRepeated('binds', '.bindPort', ports));
  for (const [index, bind] of config.binds.entries()) {
    findInBind(bind, `binds[${index}]`, { routes, problems });
  }
  for (const [index, route] of config.routes.entries()) {
    if (refersTo(route, backends)) continue;
    findInRoute(route, index, { backends, problems });
  }
  return problems;
}

function refersTo(route: HttpRouteConfig, backends: ReadonlySet<string>): boolean {
  return listBackends(route).every((id) => backends.has(id));
}

/** Ids, each once. An empty one, which no backend has: one should be there and is not. */
export function listBackends({ rules }: HttpRouteConfig): readonly string[] {
  const ids = new Set<string>();
  const addMirrors = (filters: readonly FilterConfig[]): void => {
    for (const filter of filters) if (filter.kind === 'mirror') ids.add(filter.backend);
  };
  for (const rule of rules) {
    addMirrors(rule.filters);
    for (const { backend, invalid, filters } of rule.backends) {
      addMirrors(filters);
      if (backend !== undefined) ids.add(backend);
      else if (invalid === undefined) ids.add('');
    }
  }
  return [...ids];
}

/** Whether anything is wrong with what is said of the listeners but the routes they carry. */
export function hasListenerProblem({ protocol, listeners }: BindConfig): boolean {
  const hostnames = new Set(listeners.map(({ hostname }) => hostname ?? ''));
  const isFine = listeners.every(({ tls }) => (tls !== undefined) === (protocol === 'https'));
  return hostnames.size < listeners.length || !isFine;
}

function findInBind(
  bind: BindConfig,
  field: string,
  { routes, problems }: { routes: ReadonlySet<string>; problems: ConfigProblem[] },
): void {
  const hostnames = bind.listeners.map((listener) => listener.hostname ?? '');
  problems.push(...findRepeated(`${field}.listeners`, '.hostname', hostnames));
  for (const [index, listener] of bind.listeners.entries()) {
    const at = `${field}.listeners[${index}]`;
    if ((listener.tls !== undefined) !== (bind.protocol === 'https')) {
      const message = listener.tls ? 'not with protocol http' : 'is required with protocol https';
      problems.push({ field: `${at}.tls`, message });
    }
    problems.push(...findRepeated(`${at}.routes`, '', listener.routes));
    for (const [position, id] of listener.routes.entries()) {
      if (!routes.has(id)) {
        problems.push({ field: `${at}.routes[${position}]`, message: `there is no route ${id}` });
      }
    }
  }
}

interface BackendCheck {
  readonly backends: ReadonlySet<string>;
  readonly problems: ConfigProblem[];
}

function findInRoute(route: HttpRouteConfig, routeIndex: number, check: BackendCheck): void {
  const { backends, problems } = check;
  for (const [ruleIndex, rule] of route.rules.entries()) {
    const inRule = (): string => `routes[${routeIndex}].rules[${ruleIndex}]`;
    findInFilters(rule.filters, () => `${inRule()}.filters`, check);
    for (const [index, { backend, invalid, filters }] of rule.backends.entries()) {
      const at = (): string => `${inRule()}.backends[${index}]`;
      if (backend === undefined && invalid === undefined) {
        problems.push({ field: `${at()}.backend`, message: 'is required without invalid' });
      } else if (backend !== undefined && !backends.has(backend)) {
        problems.push({ field: `${at()}.backend`, message: `there is no backend ${backend}` });
      }
      findInFilters(filters, () => `${at()}.filters`, check);
    }
  }
}

function findInFilters(
  filters: readonly FilterConfig[],
  at: () => string,
  { backends, problems }: BackendCheck,
): void {
  for (const [index, filter] of filters.entries()) {
    if (filter.kind !== 'mirror' || backends.has(filter.backend)) continue;
    const message = `there is no backend ${filter.backend}`;
    problems.push({ field: `${at()}[${index}].backend`, message });
  }
}

function findRepeated(
  field: string,
  key: string,
  values: readonly (string | number)[],
): ConfigProblem[] {
  if (new Set(values).size === values.length) return [];
  const first = new Map<string | number, number>();
  return values.flatMap((value, index) => {
    const before = first.get(value);
    if (before === undefined) {
      first.set(value, index);
      return [];
    }
    const message = `the same as ${field}[${before}]${key}`;
    return [{ field: `${field}[${index}]${key}`, message }];
  });
}
