/**
 * Reads manifests from files and directories: `*.yaml`, `*.yml` and `*.json`, recursively, in the
 * order of their paths. What is wrong with one object or document hurts only that one.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Channel,
  joinManifests,
  type KubernetesObject,
  type Manifest,
  type ParsedObject,
  parseManifests,
} from '@sluice/spec';
import { UsageError } from '../exit-code.ts';

export interface ManifestSet extends Manifest {
  readonly files: readonly string[];
  /** Files in which a document can't be read at all, so that its objects are unknown. */
  readonly brokenFiles: ReadonlySet<string>;
}

/** `kind/namespace/name` of anything that carries these three. */
export interface Identity {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** Reads all manifests below `paths` once. */
export function readManifests(paths: readonly string[], channel: Channel): Promise<ManifestSet> {
  return createManifestReader(paths, channel).read();
}

export interface ManifestReader {
  /** A path that can't be read is a `UsageError`. */
  readonly read: () => Promise<ManifestSet>;
}

/** Reads again and again, and parses only the files whose text changed. */
export function createManifestReader(paths: readonly string[], channel: Channel): ManifestReader {
  let known: ReadonlyMap<string, ParsedFile> = new Map();
  return {
    async read() {
      const files = await findFiles(paths);
      const parsed = await Promise.all(
        files.map(async (file) => {
          const text = await readText(file);
          const before = known.get(file);
          return before?.text === text ? before : parseFile(file, text, channel);
        }),
      );
      known = new Map(parsed.map((entry) => [entry.file, entry]));
      return joinFiles(parsed);
    },
  };
}

interface ParsedFile {
  readonly file: string;
  readonly text: string;
  readonly manifest: Manifest;
}

function parseFile(file: string, text: string, channel: Channel): ParsedFile {
  return { file, text, manifest: parseManifests(text, file, { channel }) };
}

function joinFiles(parsed: readonly ParsedFile[]): ManifestSet {
  const isBroken = ({ manifest }: ParsedFile): boolean =>
    manifest.problems.some(({ rule }) => rule === 'yaml');
  return {
    ...joinManifests(parsed.map(({ manifest }) => manifest)),
    files: parsed.map(({ file }) => file),
    brokenFiles: new Set(parsed.filter(isBroken).map(({ file }) => file)),
  };
}

/**
 * Behaves as an API server does with an update that it refuses: the object keeps the last version
 * that was valid. A file that can't be read keeps all its objects.
 */
export function keepLastGood(next: ManifestSet, previous: ManifestSet | undefined): ManifestSet {
  if (!previous) return next;
  const rejected = new Set(next.rejected.map(({ name }) => keyOf(name)));
  const present = new Set(next.objects.map((object) => identityOf(object)));
  const kept = previous.objects.filter((object) => {
    const key = identityOf(object);
    return !present.has(key) && (rejected.has(key) || next.brokenFiles.has(object.file));
  });
  return kept.length === 0 ? next : { ...next, objects: [...next.objects, ...kept] };
}

export function identityOf({ object }: ParsedObject): string {
  return keyOf({ ...object.metadata, kind: object.kind });
}

/** `Kind namespace/name`, for people. */
export function labelOf({ kind, metadata }: KubernetesObject): string {
  return 'namespace' in metadata
    ? `${kind} ${metadata.namespace}/${metadata.name}`
    : `${kind} ${metadata.name}`;
}

export function keyOf({ kind, namespace, name }: Identity): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

async function findFiles(paths: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  for (const path of paths) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw unreadable(path, error);
    });
    if (!found.isDirectory()) files.add(path);
    else for (const file of await listDirectory(path)) files.add(file);
  }
  return [...files];
}

async function listDirectory(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) files.push(...(await listDirectory(path)));
    else if (/\.(ya?ml|json)$/.test(entry.name)) files.push(path);
  }
  return files;
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unreadable(file, error);
  });
}

function unreadable(path: string, error: NodeJS.ErrnoException): UsageError {
  const why = error.code === 'ENOENT' ? 'no such file or directory' : error.message;
  return new UsageError(`can't read ${path}: ${why}. Name a file or directory of manifests.`);
}
