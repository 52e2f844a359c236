/** Where a filter stands, and the path rewrites that depend on it. */
import type { MatchConfig, PathRewriteConfig } from '@sluice/model';
import { SPEC } from '../marks.ts';
import type { PathModifier } from '../objects.ts';
import { type RouteReport, unsupported } from './report.ts';

export interface FilterPlace {
  readonly field: string;
  /** Filters of a backendRef run after a backend is chosen, so fewer make sense there. */
  readonly level: 'rule' | 'backend';
  readonly matches: readonly MatchConfig[];
}

/** `ReplacePrefixMatch` needs a prefix: every match of its rule must be a PathPrefix. */
export function lowerPathModifier(
  report: RouteReport,
  modifier: PathModifier,
  place: FilterPlace,
): PathRewriteConfig | undefined {
  const type: string = modifier.type;
  switch (type) {
    case 'ReplaceFullPath':
      return { kind: 'full', value: modifier.replaceFullPath ?? '/' };
    case 'ReplacePrefixMatch':
      if (place.matches.every((match) => match.path.kind === 'prefix')) {
        return { kind: 'prefix', value: modifier.replacePrefixMatch ?? '/' };
      }
      unsupported(
        report,
        place.field,
        'ReplacePrefixMatch needs PathPrefix matches, and its rule has others.',
        SPEC.pathModifier,
      );
      return undefined;
    default:
      unsupported(
        report,
        `${place.field}.type`,
        `Path modifier ${type} is not known.`,
        SPEC.pathModifier,
      );
      return undefined;
  }
}
