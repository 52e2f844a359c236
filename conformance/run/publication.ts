/**
 * Puts a run under `reports/`, beside this folder, the way the Gateway API's own repository wants
 * it: the suite's report unmodified, its name made of channel, version and mode; a README with all
 * reports and how to get them again. Beside each report stand the results of its tests.
 */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatResults } from './results.ts';
import type { SuiteReport } from './suite-report.ts';
import type { TestOutcome } from './test-log.ts';

export interface Publication {
  readonly report: SuiteReport;
  readonly reportPath: string;
  readonly outcomes: readonly TestOutcome[];
  /** As `v0.1.0`. */
  readonly version: string;
  /** Where reports of all versions of the API are; the repository's when absent. */
  readonly directory?: string;
}

/** Returns the path of the published report. */
export function publish(publication: Publication): string {
  const { report, reportPath, outcomes, version } = publication;
  const reports = publication.directory ?? resolve(import.meta.dirname, '../reports');
  const directory = join(reports, minorOf(report.gatewayAPIVersion), 'sluice');
  mkdirSync(directory, { recursive: true });
  const name = join(directory, `${report.gatewayAPIChannel}-${version.slice(1)}-default`);
  copyFileSync(reportPath, `${name}-report.yaml`);
  writeFileSync(`${name}-results.jsonl`, formatResults(outcomes));
  writeFileSync(join(directory, 'README.md'), renderReadme(readdirSync(directory).sort()));
  return `${name}-report.yaml`;
}

/** `v1.7.0` is of the folder `v1.7`. */
function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function renderReadme(files: readonly string[]): string {
  const rows = files.flatMap((file) => {
    const [, channel, version] = /^(\w+)-(.+)-default-report\.yaml$/.exec(file) ?? [];
    if (version === undefined) return [];
    return [`| ${channel} | v${version} | default | [v${version} report](./${file}) |`];
  });
  return `# Sluice

<!-- Written by \`npm run conformance -- --publish\`. -->

## Table of contents

| API channel | Implementation version | Mode | Report |
|---|---|---|---|
${rows.join('\n')}

## Reproduce

In a clone of Sluice at that version, as root on Linux with Node.js, Go, nftables and iproute2:

\`\`\`
npm ci
npm run conformance -- --channel experimental --publish
npm run conformance -- --channel standard --publish
\`\`\`

Each builds what is missing, starts a cluster (kube-apiserver, etcd, kube-controller-manager and
kube-proxy, unmodified), installs Sluice from \`deploy/kustomize\` and runs the suite.
\`--kubeconfig FILE\` takes a cluster that is there instead.

The suite is the unmodified Go module. One module that it names is replaced:
\`sigs.k8s.io/gateway-api-conformance-images\` by its v0.1.0, since the version asked for is not
published; it holds the backends of the tests.
`;
}
