/**
 * The report that the suite writes (`gateway.networking.k8s.io/v1` ConformanceReport), as far as
 * the summary of a run shows it. The file itself is published as it is.
 */
import { parse } from 'yaml';

export interface SuiteReport {
  /** As `v1.7.0`. */
  readonly gatewayAPIVersion: string;
  readonly gatewayAPIChannel: string;
  readonly profiles: readonly ProfileReport[];
}

export interface ProfileReport {
  /** As `GATEWAY-HTTP`. */
  readonly name: string;
  readonly core: Level;
  /** Absent when no feature beyond the core is claimed. */
  readonly extended: Level | undefined;
}

export interface Level {
  /** `success`, `partial` or `failure`. */
  readonly result: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failedTests: readonly string[];
  readonly supportedFeatures: number;
}

interface RawLevel {
  readonly result: string;
  readonly statistics: {
    readonly Passed: number;
    readonly Failed: number;
    readonly Skipped: number;
  };
  readonly failedTests?: readonly string[];
  readonly supportedFeatures?: readonly string[];
}

interface RawReport {
  readonly kind: string;
  readonly gatewayAPIVersion: string;
  readonly gatewayAPIChannel: string;
  readonly profiles?: readonly {
    readonly name: string;
    readonly core: RawLevel;
    readonly extended?: RawLevel;
  }[];
}

/** Throws when the text is no such report. */
export function readSuiteReport(text: string): SuiteReport {
  const raw = parse(text) as RawReport | null;
  if (raw?.kind !== 'ConformanceReport') throw new Error('not a report of the conformance suite');
  return {
    gatewayAPIVersion: raw.gatewayAPIVersion,
    gatewayAPIChannel: raw.gatewayAPIChannel,
    profiles: (raw.profiles ?? []).map(({ name, core, extended }) => ({
      name,
      core: readLevel(core),
      extended: extended === undefined ? undefined : readLevel(extended),
    })),
  };
}

function readLevel({ result, statistics, failedTests, supportedFeatures }: RawLevel): Level {
  return {
    result,
    passed: statistics.Passed,
    failed: statistics.Failed,
    skipped: statistics.Skipped,
    failedTests: failedTests ?? [],
    supportedFeatures: supportedFeatures?.length ?? 0,
  };
}
