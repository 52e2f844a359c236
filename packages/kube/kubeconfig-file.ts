/** The text of a kubeconfig and its parts; whatever is wrong is said with file and field. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse, YAMLParseError } from 'yaml';

export type Fields = Readonly<Record<string, unknown>>;

export async function openKubeconfig(path: string): Promise<KubeconfigFile> {
  return new KubeconfigFile(path, await readText(path, 'kubeconfig'));
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new Error(`${path}: cannot read this ${what}${why}`, { cause: error });
  }
}

export class KubeconfigFile {
  readonly root: Fields;
  readonly #path: string;

  constructor(path: string, text: string) {
    this.#path = path;
    let root: unknown;
    try {
      root = parse(text) as unknown;
    } catch (error) {
      // The parser's own message may quote the file, and with it a credential.
      const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
      const where = line === undefined ? '' : ` in line ${line}`;
      throw new Error(`${path}: not YAML${where}: correct the file`, { cause: error });
    }
    if (!isFields(root)) throw this.problem('the document', 'must be a mapping');
    this.root = root;
  }

  problem(field: string, advice: string): Error {
    return new Error(`${this.#path}: ${field}: ${advice}`);
  }

  /** Paths in a kubeconfig are relative to its own directory. */
  beside(path: string): string {
    return resolve(dirname(this.#path), path);
  }

  text(fields: Fields, key: string, shown: string): string | undefined {
    const value = fields[key];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw this.problem(shown, 'must be a string');
    return value;
  }

  /** The body of the entry of that name in one of the three lists. */
  named(list: string, name: string, key: string): Fields {
    const entries: unknown = this.root[list];
    const entry: unknown = Array.isArray(entries)
      ? entries.find((candidate: unknown) => isFields(candidate) && candidate['name'] === name)
      : undefined;
    const body: unknown = isFields(entry) ? entry[key] : undefined;
    if (!isFields(body)) throw this.problem(list, `has no ${key} named ${name}: add it`);
    return body;
  }

  /** `<key>-data` in base64, or the file that `<key>` names. */
  async data(fields: Fields, key: string, owner: string): Promise<string | undefined> {
    const inline = this.text(fields, `${key}-data`, `${owner}: ${key}-data`);
    if (inline !== undefined) return Buffer.from(inline, 'base64').toString('utf8');
    const path = this.text(fields, key, `${owner}: ${key}`);
    return path === undefined ? undefined : readText(this.beside(path), `${key} of ${owner}`);
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
