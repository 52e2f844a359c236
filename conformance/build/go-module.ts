/**
 * The Go modules under `conformance/` and the programs that each gives. Modules apart, because
 * they want different versions of the same libraries. What is built is unmodified; versions are
 * pinned by each module's go.mod and go.sum.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type BinaryName =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-proxy'
  | 'kubectl'
  | 'echo-basic'
  | 'conformance.test';

export interface GoModule {
  /** The folder under `conformance/`. */
  readonly folder: string;
  /** Program to the Go package it is built from; `test` means the tests of the module itself. */
  readonly programs: ReadonlyMap<BinaryName, string>;
  /** Of a build that finds nothing in Go's own cache, on two cores. */
  readonly coldMinutes: number;
}

const kubernetes = 'k8s.io/kubernetes/cmd';
const images = 'sigs.k8s.io/gateway-api-conformance-images';

export const goModules: readonly GoModule[] = [
  {
    folder: 'etcd',
    programs: new Map([['etcd', 'go.etcd.io/etcd/server/v3']]),
    coldMinutes: 1,
  },
  {
    folder: 'kubernetes',
    programs: new Map([
      ['kube-apiserver', `${kubernetes}/kube-apiserver`],
      ['kube-controller-manager', `${kubernetes}/kube-controller-manager`],
      ['kube-proxy', `${kubernetes}/kube-proxy`],
      ['kubectl', `${kubernetes}/kubectl`],
    ]),
    coldMinutes: 8,
  },
  {
    folder: 'suite',
    programs: new Map([
      ['echo-basic', `${images}/echo-basic`],
      ['conformance.test', 'test'],
    ]),
    coldMinutes: 4,
  },
];

/** Link-time flags leave symbol tables out, which halves the files. */
export const buildFlags: readonly string[] = ['-trimpath', '-ldflags=-s -w'];

/** The same for every build: another value of any of these makes Go compile everything again. */
export const buildVariables: Readonly<Record<string, string>> = {
  CGO_ENABLED: '0',
  GOTOOLCHAIN: 'auto',
  GOFLAGS: '-buildvcs=false',
  GOWORK: 'off',
};

/** Of all that decides what a module's programs are: its files, the flags, the machine. */
export function moduleHash(folder: string): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([buildFlags, buildVariables, process.platform, process.arch]));
  const sources = readdirSync(folder).filter((name) => /\.go$|^go\.(mod|sum)$/.test(name));
  if (!sources.includes('go.mod')) throw new Error(`${folder} has no go.mod`);
  for (const name of sources.sort()) {
    hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
