/** The config of a Gateway in a cluster, followed by name through the API server. */

import type { KubeObject, Resource } from '@sluice/kube';
import type { Log } from '../log.ts';
import type { ConfigSource } from '../world/config-source.ts';
import type { ConfigMapContent } from './config-index.ts';
import { type ConfigObjects, subscribeConfig } from './config-subscription.ts';
import { isAbsent } from './failure.ts';
import type { SecretData } from './key-bundle.ts';
import { CONFIG_MAPS, SECRETS, type WatchClient } from './kube-port.ts';
import { openLastGood } from './last-good.ts';
import { followObject } from './object-follow.ts';

export interface ClusterConfigOptions {
  readonly client: WatchClient;
  /** Of the index ConfigMap and of the Secret. */
  readonly owned: { readonly namespace: string; readonly name: string };
  /** Where the last good config is kept. */
  readonly directory: string;
  readonly log: Log;
}

export function openClusterConfig(options: ClusterConfigOptions): ConfigSource {
  const { directory, log } = options;
  const onProblem = (message: string): void => log.warn(message);
  return {
    async follow(apply) {
      const subscription = await subscribeConfig({
        objects: connect(options),
        lastGood: openLastGood({ directory, onProblem }),
        apply,
        log,
      });
      return {
        describe: () => ({ ...subscription.state }),
        stop: () => subscription.stop(),
      };
    },
  };
}

function connect({ client, owned, log }: ClusterConfigOptions): ConfigObjects {
  const { namespace } = owned;
  const follow = (
    resource: Resource,
    onState: (object: KubeObject | undefined) => void,
  ): (() => void) => {
    const once = createOnce((message) => log.warn(message));
    const followed = followObject({
      client,
      resource,
      name: owned,
      onState: (object) => {
        once.settle();
        onState(object);
      },
      onProblem: (error) => {
        const why = error instanceof Error ? error.message : String(error);
        once.say(`${resource.kind} ${namespace}/${owned.name} can't be followed: ${why}`);
      },
    });
    return () => followed.stop();
  };
  return {
    followIndex: (onState) =>
      follow(CONFIG_MAPS, (object) => onState(object as ConfigMapContent | undefined)),
    followSecret: (onState) =>
      follow(SECRETS, (object) => onState(object?.['data'] as SecretData | undefined)),
    async readPart(name) {
      try {
        return (await client.get(CONFIG_MAPS, { namespace, name })) as ConfigMapContent;
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
  };
}

/** Says a message when it is another one than before, until things are well again. */
function createOnce(say: (message: string) => void) {
  let last = '';
  return {
    say(message: string): void {
      if (message !== last) say(message);
      last = message;
    },
    settle(): void {
      last = '';
    },
  };
}
