/**
 * What the benchmark asks of a proxy under test: is it here, and how is it started for a scenario.
 */
import type { Scenario } from './scenario.ts';

export type PeerName = 'ours' | 'nginx' | 'nginxTuned' | 'haproxy' | 'envoy' | 'limit';

export interface Peer {
  readonly name: PeerName;
  /** Why it cannot run here and what to do about it; undefined: it can. */
  absence(): string | undefined;
  /** Writes its files into `setup.directory` and tells how to start it. */
  launch(setup: Setup): Launch;
}

export interface Setup {
  readonly scenario: Scenario;
  /** On 127.0.0.1. */
  readonly port: number;
  readonly originPort: number;
  /** For the peer alone: config, access log, standard output. Exists. */
  readonly directory: string;
  readonly certificate: CertificateFiles;
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Truncated between bursts so that a long run does not fill the disk; open in append mode. */
  readonly accessLog?: string;
}

/** Paths of PEM files. */
export interface CertificateFiles {
  readonly chain: string;
  readonly key: string;
  /** Both in one file, as HAProxy wants them. */
  readonly pair: string;
}
