/** From a place in a config back to the place in the manifest that it came from. */
import { buildGraph } from '../graph/graph.ts';
import { buildWorld } from '../graph/world.ts';
import type { LoweredRule } from '../lower/rule.ts';
import type { WorldSnapshot } from '../snapshot.ts';

export interface RouteSources {
  /** Indexes as in the config; gives the path in the manifest. */
  ruleField(routeId: string, ruleIndex: number): string;
  matchField(routeId: string, ruleIndex: number, matchIndex: number): string;
  filterField(routeId: string, ruleIndex: number, filterIndex: number): string;
}

export function indexSources(snapshot: WorldSnapshot): RouteSources {
  const graph = buildGraph(buildWorld(snapshot));
  const rules = new Map(graph.httpRoutes.map(({ lowered }) => [lowered.config.id, lowered.rules]));
  const find = (id: string, index: number): LoweredRule | undefined => rules.get(id)?.[index];
  const ruleField = (id: string, index: number): string =>
    `spec.rules[${find(id, index)?.index ?? index}]`;
  return {
    ruleField,
    matchField: (id, index, match) =>
      `${ruleField(id, index)}.matches[${find(id, index)?.matchIndexes[match] ?? match}]`,
    filterField: (id, index, filter) =>
      `${ruleField(id, index)}.filters[${find(id, index)?.filterIndexes[filter] ?? filter}]`,
  };
}
