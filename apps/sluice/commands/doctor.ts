/** `sluice doctor` */
import { ApiError, createClient } from '@sluice/kube';
import type { CommandContext } from '../command-context.ts';
import { findAccess, findNamespace } from '../controller/access.ts';
import type { CheckResult, CheckState } from '../doctor/check-result.ts';
import { diagnoseCluster } from '../doctor/diagnosis.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { type OutputFormat, renderData } from '../render/output.ts';
import { renderTable } from '../render/table.ts';
import type { Style, Terminal } from '../terminal.ts';
import { GATEWAY_API_VERSION } from './version.ts';

export interface DoctorOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly controllerName: string;
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly output: OutputFormat;
}

export async function runDoctor(
  { terminal }: CommandContext,
  options: DoctorOptions,
): Promise<ExitCode> {
  const access = await findAccess(options);
  const client = createClient(access);
  try {
    const results = await diagnoseCluster({
      client,
      server: access.server,
      release: GATEWAY_API_VERSION,
      namespace: await findNamespace(options.namespace),
      controllerName: options.controllerName,
      ...(options.serviceAccount === undefined ? {} : { serviceAccount: options.serviceAccount }),
      now: Date.now(),
    });
    const isFit = results.every(({ state }) => state !== 'missing');
    const lines = renderResults(results, terminal).join('\n');
    terminal.out(renderData(options.output, { fit: isFit, checks: results }) ?? lines);
    return isFit ? EXIT_CODE.ok : EXIT_CODE.findings;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    terminal.err(`sluice: the API server ${access.server} does not answer: ${error.message}`);
    return EXIT_CODE.failure;
  } finally {
    client.close();
  }
}

const STYLES: Readonly<Record<CheckState, Style>> = {
  ok: 'green',
  warning: 'yellow',
  missing: 'red',
};

function renderResults(results: readonly CheckResult[], terminal: Terminal): string[] {
  const rows = results.map(({ check, subject = '', state, found }) => [
    terminal.paint(STYLES[state], state),
    check,
    subject,
    found,
  ]);
  const advice = results.flatMap(({ check, subject, advice: text }) =>
    text === undefined ? [] : [`${[check, subject].filter(Boolean).join(' ')}: ${text}`],
  );
  const table = renderTable(['STATE', 'CHECK', 'SUBJECT', 'FOUND'], rows);
  return advice.length === 0 ? [...table, '', 'all is well'] : [...table, '', ...advice];
}
