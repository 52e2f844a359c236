/** What a real API server says of an object: a dry run of its creation, so that nothing stays. */
import { ApiError, type ClusterAccess, createClient } from '@sluice/kube';
import type { DrawnObject } from './object-draw.ts';

export interface ServerVerdict {
  /** As it would be stored and returned; undefined when it was refused. */
  readonly object: unknown;
  /** Why it was refused. */
  readonly message: string;
  /** Field by field; none when it is not about fields. */
  readonly causes: ApiError['causes'];
  readonly warnings: readonly string[];
}

export interface Judge {
  judge(drawn: DrawnObject): Promise<ServerVerdict>;
  close(): void;
}

/** One request at a time: warnings belong to a client. */
export function openJudge(access: ClusterAccess): Judge {
  let warnings: string[] = [];
  const client = createClient(access, { onWarning: (warning) => warnings.push(warning) });
  return {
    async judge(drawn) {
      warnings = [];
      const none = { message: '', causes: [] };
      try {
        const object = await client.request('POST', pathFor(drawn), drawn.object);
        return { ...none, object, warnings };
      } catch (error) {
        if (!(error instanceof ApiError) || error.code < 400 || error.code >= 500) throw error;
        // One that is no field says that rules were left out because of the others.
        const causes = error.causes.filter(({ field }) => field !== '<nil>');
        return { object: undefined, message: error.message, causes, warnings };
      }
    },
    close: () => client.close(),
  };
}

function pathFor({ kind, fieldValidation }: DrawnObject): string {
  const root = kind.group === '' ? '/api' : `/apis/${kind.group}`;
  const scope = kind.namespaced ? '/namespaces/default' : '';
  const query = `dryRun=All&fieldValidation=${fieldValidation}`;
  return `${root}/${kind.version}${scope}/${kind.plural}?${query}`;
}
