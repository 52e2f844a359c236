/** One Prometheus page out of the pages of several proxies, told apart by a `gateway` label. */

export interface MetricsPart {
  /** `namespace/name`. */
  readonly gateway: string;
  /** Prometheus text exposition format. */
  readonly text: string;
}

/** Samples of one family stay together, under the comments of the first part that has it. */
export function mergeMetrics(parts: readonly MetricsPart[]): string {
  const families = new Map<string, Family>();
  for (const { gateway, text } of parts) {
    let family: Family | undefined;
    for (const line of text.split('\n')) {
      const [, kind, name] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? [];
      if (kind !== undefined && name !== undefined) {
        family = families.get(name) ?? { comments: new Map(), samples: [] };
        families.set(name, family);
        if (!family.comments.has(kind)) family.comments.set(kind, line);
      } else if (line !== '') {
        family?.samples.push(labelSample(line, gateway));
      }
    }
  }
  return [...families.values()]
    .flatMap(({ comments, samples }) => [...comments.values(), ...samples])
    .map((line) => `${line}\n`)
    .join('');
}

interface Family {
  /** HELP and TYPE, each once. */
  readonly comments: Map<string, string>;
  readonly samples: string[];
}

/** Kubernetes names need no escaping in a label value. */
function labelSample(line: string, gateway: string): string {
  const brace = line.indexOf('{');
  const blank = line.indexOf(' ');
  if (brace >= 0 && brace < blank) {
    return `${line.slice(0, brace + 1)}gateway="${gateway}",${line.slice(brace + 1)}`;
  }
  return `${line.slice(0, blank)}{gateway="${gateway}"}${line.slice(blank)}`;
}
