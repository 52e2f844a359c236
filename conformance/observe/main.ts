/**
 * Prints what happens to the objects of one kind in a cluster, a line per change, until it is
 * interrupted: `npm run observe -- gateway.networking.k8s.io/v1/httproutes [context]`.
 */
import {
  createClient,
  type KubeObject,
  type Resource,
  readKubeconfig,
  startReflector,
} from '@sluice/kube';

async function observe(shownResource: string, context: string | undefined): Promise<void> {
  const resource = parseResource(shownResource);
  const access = await readKubeconfig(context === undefined ? {} : { context });
  const client = createClient(access);
  const print = (what: string, object: KubeObject) => console.log(`${what} ${describe(object)}`);
  const reflector = startReflector({
    client,
    resource,
    sink: {
      replace: (objects) => {
        for (const object of objects) print('listed ', object);
      },
      upsert: (object) => print('changed', object),
      remove: (object) => print('removed', object),
    },
    onProblem: (problem) => console.error(`problem ${problem.message}`),
  });
  process.once('SIGINT', () => {
    void reflector.stop();
    client.close();
  });
}

/** `group/version/plural`, or `version/plural` for the core group. */
function parseResource(shown: string): Resource {
  const [plural, version, group = ''] = shown.split('/').toReversed();
  if (plural === undefined || version === undefined) {
    throw new Error(`${shown}: name the kind as group/version/plural, or v1/plural`);
  }
  return { group, version, plural, kind: plural, namespaced: true };
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

function describe({ metadata, status }: KubeObject): string {
  const { namespace, name, generation, resourceVersion } = metadata;
  const { conditions = [] } = (status ?? {}) as { readonly conditions?: readonly Condition[] };
  const shown = conditions.map(({ type, status: value }) => `${type}=${value}`);
  const parts = [`generation ${generation ?? '-'}`, `version ${resourceVersion}`, ...shown];
  return `${namespace === undefined ? '' : `${namespace}/`}${name}: ${parts.join(', ')}`;
}

const [shownResource = 'v1/namespaces', context] = process.argv.slice(2);
try {
  await observe(shownResource, context);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
