/** A config file and a directory of keys, followed: each change that is a config is applied. */
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { UsageError } from '../exit-code.ts';
import type { Log } from '../log.ts';
import type { ApplyConfig, ConfigSource } from './config-source.ts';
import { readGatewayConfig } from './gateway-config.ts';

export interface ConfigFileOptions {
  readonly file: string;
  readonly keys: string | undefined;
  readonly log: Log;
}

/** Time for a burst of writes to the config file to end. */
const QUIET_MS = 40;

export function openConfigFile(options: ConfigFileOptions): ConfigSource {
  const { file, log } = options;
  let problem: string | undefined;
  return {
    async follow(apply) {
      const first = await applyFile(options, apply);
      if (first !== undefined) throw new UsageError(first);
      const reload = async (): Promise<void> => {
        problem = await applyFile(options, apply);
        if (problem === undefined) log.info('the changed config is served', { config: file });
        else log.error(`${problem} The last good config keeps serving.`);
      };
      const stop = watchConfig(file, () => void reload());
      return {
        describe: () => ({ file, ...(problem === undefined ? {} : { problem }) }),
        stop: async () => stop(),
      };
    },
  };
}

/** Returns what is wrong; undefined: the config is served. */
async function applyFile(
  { file, keys }: ConfigFileOptions,
  apply: ApplyConfig,
): Promise<string | undefined> {
  const read = await readGatewayConfig(file, keys);
  if ('problem' in read) return read.problem;
  const { problems } = await apply(read.config, read.keys);
  if (problems.length === 0) return undefined;
  const list = problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return `${file} can't be served: ${list}.`;
}

function watchConfig(file: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dirname(file), (_, name) => {
    if (name !== null && name !== basename(file)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
