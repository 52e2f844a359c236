/** `sluice explain` */
import { explain, type Question, renderExplanation } from '@sluice/core';
import type { Channel } from '@sluice/spec';
import type { CommandContext } from '../command-context.ts';
import { EXIT_CODE, type ExitCode, UsageError } from '../exit-code.ts';
import { type OutputFormat, renderData } from '../render/output.ts';
import { type Evaluation, evaluateManifests } from '../world/evaluation.ts';
import { readManifests } from '../world/manifests.ts';

export interface ExplainOptions {
  readonly method: string;
  readonly url: string;
  readonly filename: readonly string[];
  readonly header: readonly string[];
  readonly gateway?: string;
  readonly output: OutputFormat;
  readonly channel: Channel;
}

export async function runExplain(
  { terminal }: CommandContext,
  options: ExplainOptions,
): Promise<ExitCode> {
  const request = parseRequest(options);
  const manifests = await readManifests(options.filename, options.channel);
  const evaluation = evaluateManifests(manifests, options.channel);
  const gateway = chooseGateway(evaluation, request.port, options.gateway);
  const explanation = explain(evaluation.store.snapshot(Date.now()), { ...request, gateway });
  terminal.out(renderData(options.output, explanation) ?? renderExplanation(explanation).trimEnd());
  return EXIT_CODE.ok;
}

function parseRequest(options: ExplainOptions): Omit<Question, 'gateway'> {
  const { method, url } = options;
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method)) {
    throw new UsageError(`${method} is not a method: expected GET, POST, …`);
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new UsageError(`${url} is not a URL: expected http://host/path or https://host/path`);
  }
  const headers = options.header.map(parseHeader);
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? parsed.host;
  return {
    method,
    port: Number(parsed.port) || (parsed.protocol === 'https:' ? 443 : 80),
    host,
    target: parsed.pathname + parsed.search,
    headers,
    serverName: parsed.hostname,
  };
}

function parseHeader(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new UsageError(`-H ${text}: expected 'name: value'`);
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

/** The Gateway that was named, or the only one that serves the port. */
function chooseGateway({ configs }: Evaluation, port: number, named: string | undefined): string {
  const all = Object.keys(configs);
  if (named !== undefined) {
    const key = named.includes('/') ? named : `default/${named}`;
    if (Object.hasOwn(configs, key)) return key;
    throw new UsageError(`Gateway ${key} is not served here. Served: ${all.join(', ') || 'none'}.`);
  }
  const serving = all.filter((key) => configs[key]?.binds.some((bind) => bind.port === port));
  const [first] = serving.length === 0 ? all : serving;
  if (first === undefined) {
    throw new UsageError('these manifests have no Gateway of ours: run sluice check on them');
  }
  if (serving.length <= 1) return first;
  const names = serving.join(', ');
  throw new UsageError(
    `several Gateways serve port ${port}: choose one of ${names} with --gateway`,
  );
}
