/** What is wrong between the parts of a config that is right in each part. */

import type { BindConfig, FilterConfig, HttpRouteConfig, ProxyConfig } from '../config.ts';
import type { ConfigProblem } from '../problem.ts';

export function findReferenceProblems(config: ProxyConfig): ConfigProblem[] {
  const routes = new Set(config.routes.map((route) => route.id));
  const backends = new Set(config.backends.map((backend) => backend.id));
  return [
    ...repeated(
      'routes',
      '.id',
      config.routes.map((route) => route.id),
    ),
    ...repeated(
      'backends',
      '.id',
      config.backends.map((backend) => backend.id),
    ),
    ...repeated(
      'binds',
      '.bindPort',
      config.binds.map((bind) => bind.bindPort),
    ),
    ...config.binds.flatMap((bind, index) => findInBind(bind, `binds[${index}]`, routes)),
    ...config.routes.flatMap((route, index) => findInRoute(route, `routes[${index}]`, backends)),
  ];
}

function findInBind(bind: BindConfig, field: string, routes: ReadonlySet<string>): ConfigProblem[] {
  const hostnames = bind.listeners.map((listener) => listener.hostname ?? '');
  const problems = repeated(`${field}.listeners`, '.hostname', hostnames);
  for (const [index, listener] of bind.listeners.entries()) {
    const at = `${field}.listeners[${index}]`;
    if ((listener.tls !== undefined) !== (bind.protocol === 'https')) {
      const message = listener.tls ? 'not with protocol http' : 'is required with protocol https';
      problems.push({ field: `${at}.tls`, message });
    }
    problems.push(...repeated(`${at}.routes`, '', listener.routes));
    for (const [position, id] of listener.routes.entries()) {
      if (!routes.has(id)) {
        problems.push({ field: `${at}.routes[${position}]`, message: `there is no route ${id}` });
      }
    }
  }
  return problems;
}

function findInRoute(
  route: HttpRouteConfig,
  field: string,
  backends: ReadonlySet<string>,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const check = (id: string, at: string) => {
    if (!backends.has(id)) problems.push({ field: at, message: `there is no backend ${id}` });
  };
  const checkFilters = (filters: readonly FilterConfig[], at: string) => {
    for (const [index, filter] of filters.entries()) {
      if (filter.kind === 'mirror') check(filter.backend, `${at}[${index}].backend`);
    }
  };
  for (const [ruleIndex, rule] of route.rules.entries()) {
    checkFilters(rule.filters, `${field}.rules[${ruleIndex}].filters`);
    for (const [index, { backend, invalid, filters }] of rule.backends.entries()) {
      const at = `${field}.rules[${ruleIndex}].backends[${index}]`;
      if (backend !== undefined) check(backend, `${at}.backend`);
      else if (invalid === undefined) {
        problems.push({ field: `${at}.backend`, message: 'is required without invalid' });
      }
      checkFilters(filters, `${at}.filters`);
    }
  }
  return problems;
}

function repeated(
  field: string,
  key: string,
  values: readonly (string | number)[],
): ConfigProblem[] {
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
