/** Asks a data plane's admin port which config version it serves: `GET /config?wait=VERSION`. */
import { Agent, get } from 'node:http';
import type { Question } from './acknowledgements.ts';
import { isRecord } from './json-comparison.ts';

export interface PodClient {
  /** Rejects when there is no answer in time, or none that can be read. */
  readonly ask: (question: Question) => Promise<string>;
  close(): void;
}

/** Longer than a data plane makes anybody wait. */
const TIMEOUT_MS = 35_000;
const ANSWER_LENGTH_MAX = 65_536;

export function createPodClient(port: number): PodClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 4, keepAliveMsecs: 30_000 });
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        requestVersion(question, { port, agent, resolve, reject });
      }),
    close: () => agent.destroy(),
  };
}

interface Exchange {
  readonly port: number;
  readonly agent: Agent;
  readonly resolve: (version: string) => void;
  readonly reject: (error: Error) => void;
}

function requestVersion(
  { address, version, signal }: Question,
  { port, agent, resolve, reject }: Exchange,
): void {
  const path = `/config?wait=${encodeURIComponent(version)}`;
  const options = { host: address, port, path, agent, signal, timeout: TIMEOUT_MS };
  const request = get(options, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > ANSWER_LENGTH_MAX) request.destroy(new Error('the answer is too long'));
    });
    response.on('error', reject);
    response.on('end', () => {
      const found = response.statusCode === 200 ? versionOf(text) : undefined;
      if (found !== undefined) resolve(found);
      else reject(new Error(`${address}:${port} answered ${response.statusCode}`));
    });
  });
  request.on('timeout', () => request.destroy(new Error('no answer in time')));
  request.on('error', reject);
}

/** Null says that none is served, as an empty version does here. */
function versionOf(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const version = isRecord(answer) ? answer['version'] : undefined;
    if (version === null) return '';
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
