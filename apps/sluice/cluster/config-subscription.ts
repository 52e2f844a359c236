/**
 * A data plane's side of the config path: follows the index and the Secret of its Gateway, and has
 * each config applied that is complete.
 *
 * What is not complete is waited for, what is damaged is refused; in both cases the config in
 * force stays, and a log line says why, once for each reason. The last good config is kept in a
 * file and served from at the start, whether or not the API server answers.
 */
import type { ProxyConfig } from '@sluice/model';
import type { ApplyResult, KeyStore } from '@sluice/proxy';
import type { Log } from '../log.ts';
import { type Attempts, runAttempts } from './attempts.ts';
import { type ConfigSet, createConfigAssembler } from './config-assembly.ts';
import {
  type ConfigMapContent,
  IN_INDEX,
  type IndexedPart,
  inlineData,
  readIndex,
  separateData,
} from './config-index.ts';
import type { SecretData } from './key-bundle.ts';
import type { LastGood } from './last-good.ts';

export interface ConfigObjects {
  /** Calls with each state of the object, the present one first. Returns how to stop. */
  followIndex(onState: (content: ConfigMapContent | undefined) => void): () => void;
  followSecret(onState: (data: SecretData | undefined) => void): () => void;
  /** A ConfigMap of one part; undefined: there is none. Rejects when nobody answers. */
  readPart(name: string): Promise<ConfigMapContent | undefined>;
}

export interface SubscriptionOptions {
  readonly objects: ConfigObjects;
  readonly lastGood: LastGood;
  readonly apply: (config: ProxyConfig, keys: KeyStore) => Promise<ApplyResult>;
  readonly log: Log;
}

export interface Subscription {
  /** Where it stands, for people; no key is in it. */
  readonly state: SubscriptionState;
  /** Resolves when nothing is applied or written any more. */
  stop(): Promise<void>;
}

export interface SubscriptionState {
  /** Version that the index names. */
  readonly wanted?: string;
  /** Why that one is not in force. */
  readonly problem?: string;
}

/** Resolves when the last good config, if there is one, is in force. */
export async function subscribeConfig(options: SubscriptionOptions): Promise<Subscription> {
  const subscription = new ConfigSubscription(options);
  await subscription.start();
  return subscription;
}

class ConfigSubscription implements Subscription {
  readonly #options: SubscriptionOptions;
  readonly #assembler = createConfigAssembler();
  readonly #attempts: Attempts;
  readonly #stops: (() => void)[] = [];
  #index: ConfigMapContent | undefined;
  #secret: SecretData | undefined;
  #servedVersion = '';
  #state: SubscriptionState = {};

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#attempts = runAttempts(() => this.#attempt());
  }

  get state(): SubscriptionState {
    return this.#state;
  }

  async start(): Promise<void> {
    await this.#serveLastGood();
    const { objects } = this.#options;
    const stopIndex = objects.followIndex((content) => {
      this.#index = content;
      this.#attempts.wake();
    });
    const stopSecret = objects.followSecret((data) => {
      this.#secret = data;
      this.#attempts.wake();
    });
    this.#stops.push(stopIndex, stopSecret);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.#attempts.stop();
    await this.#options.lastGood.close();
  }

  async #serveLastGood(): Promise<void> {
    const { lastGood, log } = this.#options;
    const assembly = await lastGood.load(this.#assembler);
    if (assembly === undefined) return;
    const problem =
      assembly.kind === 'complete' ? await this.#apply(assembly.set) : assembly.message;
    if (problem !== undefined) log.warn(`the last good config is not served: ${problem}`);
    else log.info('serving the last good config', { version: this.#servedVersion });
  }

  async #attempt(): Promise<boolean> {
    const state = await this.#update().catch((error: unknown) => ({
      problem: error instanceof Error ? error.message : String(error),
    }));
    const { problem } = state;
    if (problem !== undefined && problem !== this.#state.problem) {
      this.#options.log.warn(`${problem}; what is served stays`);
    }
    this.#state = state;
    return problem === undefined;
  }

  async #update(): Promise<SubscriptionState> {
    // Without an index there is nothing to try; an event brings it.
    if (this.#index === undefined) return {};
    const index = this.#index;
    const reading = readIndex(index);
    if (reading.kind === 'damaged') return { problem: reading.message };
    const wanted = reading.index.version;
    if (wanted === this.#servedVersion) return { wanted };
    const assembly = await this.#assembler.assemble({
      index: reading.index,
      partData: (part) => this.#partData(index, part),
      secret: this.#secret,
    });
    if (assembly.kind === 'incomplete') return { wanted, problem: assembly.message };
    const problem = await this.#apply(assembly.set);
    if (problem !== undefined) return { wanted, problem };
    this.#options.log.debug('serving', { version: wanted });
    this.#options.lastGood.save(assembly.set);
    return { wanted };
  }

  async #partData(index: ConfigMapContent, part: IndexedPart): Promise<string | undefined> {
    if (part.in === IN_INDEX) return inlineData(index, part.name);
    const content = await this.#options.objects.readPart(part.in);
    return content && separateData(content, part.hash);
  }

  /** What is wrong; undefined: all of it is in force. */
  async #apply({ config, keys }: ConfigSet): Promise<string | undefined> {
    const { problems } = await this.#options.apply(config, keys);
    if (problems.length === 0) {
      this.#servedVersion = config.version;
      return undefined;
    }
    this.#servedVersion = '';
    const list = problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
    return `not all of version ${config.version} is in force: ${list}`;
  }
}
