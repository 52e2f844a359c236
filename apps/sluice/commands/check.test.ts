/** `check` on a directory of mistakes: each is found, precisely, and hurts nothing else. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCommand } from '@sluice/testkit';

const directory = fileURLToPath(new URL('../testdata/mistakes', import.meta.url));

interface Row {
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly object?: string;
  readonly field?: string;
  readonly reason: string;
  readonly message: string;
  readonly hint?: string;
}

type Mistake = readonly [string, string, string, string, string];

/** File → what must be found in it: severity, line:column, field, reason (or its beginning). */
const MISTAKES: readonly Mistake[] = [
  ['01-unknown-field', 'warning', '9:7', 'spec.rules[0].timeout', 'unknown field'],
  ['02-cel-violation', 'error', '8:7', 'spec.rules[0]', '(has(self.backendRefs)'],
  ['03-missing-grant', 'error', '8:21', 'spec.rules[0].backendRefs[0]', 'RefNotPermitted'],
  ['04-missing-backend', 'error', '8:21', 'spec.rules[0].backendRefs[0]', 'BackendNotFound'],
  ['05-duplicate-listener', 'error', '8:7', 'spec.listeners[1]', 'unique name'],
  ['06-invalid-regex', 'error', '8:52', 'spec.rules[0].matches[0].path.value', 'UnsupportedValue'],
  ['07-broken-yaml', 'error', '6:1', '', 'yaml'],
  [
    '08-expired-certificate',
    'warning',
    '33:32',
    'spec.listeners[0].tls.certificateRefs[0]',
    'CertificateExpired',
  ],
  ['09-wrong-type', 'error', '8:34', 'spec.rules[0].backendRefs[0].port', 'type: integer'],
  ['10-out-of-range', 'error', '8:34', 'spec.rules[0].backendRefs[0].port', 'maximum: 65535'],
  ['11-bad-enum', 'error', '8:27', 'spec.rules[0].matches[0].path.type', 'enum'],
  ['12-missing-required', 'error', '4:1', 'spec.gatewayClassName', 'required'],
  ['13-unknown-kind', 'error', '2:1', 'kind', 'known kind'],
  ['14-unknown-version', 'error', '1:1', 'apiVersion', 'served version'],
  ['15-bad-name', 'error', '3:13', 'metadata.name', 'DNS-1123 subdomain'],
  ['16-no-such-gateway', 'warning', '5:16', 'spec.parentRefs[0]', 'ParentNotFound'],
  ['17-no-such-section', 'error', '5:16', 'spec.parentRefs[0]', 'NoMatchingParent'],
  ['18-hostname-mismatch', 'error', '13:16', 'spec.parentRefs[0]', 'NoMatchingListenerHostname'],
  ['19-duplicate-object', 'error', '3:13', 'metadata.name', 'unique object'],
  ['20-duplicate-key', 'error', '6:3', '', 'yaml'],
  ['21-unreachable-rule', 'warning', '10:17', 'spec.rules[1].matches[0]', 'UnreachableMatch'],
  ['22-unknown-backend-kind', 'error', '8:21', 'spec.rules[0].backendRefs[0]', 'InvalidKind'],
  [
    '23-unsupported-filter',
    'error',
    '10:11',
    'spec.rules[0].filters[0].extensionRef',
    'InvalidKind',
  ],
  ['24-bad-duration', 'error', '8:19', 'spec.rules[0].timeouts.request', 'pattern'],
  ['25-hostname-conflict', 'error', '9:18', 'spec.listeners[2].protocol', 'ProtocolConflict'],
  [
    '26-key-mismatch',
    'error',
    '33:32',
    'spec.listeners[0].tls.certificateRefs[0]',
    'InvalidCertificateRef',
  ],
  [
    '27-certificate-not-pem',
    'error',
    '18:32',
    'spec.listeners[0].tls.certificateRefs[0]',
    'InvalidCertificateRef',
  ],
];

function fits(row: Row, [, severity, place, field, reason]: Mistake): boolean {
  return (
    row.severity === severity &&
    `${row.line}:${row.column}` === place &&
    (row.field ?? '') === field &&
    row.reason.startsWith(reason)
  );
}

describe('check on a directory of mistakes', () => {
  let rows: readonly Row[] = [];
  let exitCode = 0;

  before(async () => {
    const run = await runCommand(['check', '-f', directory, '-o', 'json']);
    exitCode = run.exitCode;
    rows = JSON.parse(run.stdout).diagnostics;
  });

  test('exits 1', () => {
    assert.equal(exitCode, 1);
  });

  for (const mistake of MISTAKES) {
    const [name] = mistake;
    test(name, () => {
      const found = rowsOf(name);
      const match = found.find((row) => fits(row, mistake));
      assert.ok(match, `found instead: ${JSON.stringify(found, null, 2)}`);
      assert.ok(match.message.length > 0);
    });
  }

  function rowsOf(name: string): readonly Row[] {
    return rows.filter(({ file }) => file.endsWith(`/${name}.yaml`));
  }

  test('the valid objects have no finding', () => {
    assert.deepEqual(rowsOf('00-valid'), []);
  });
});

test('a path that does not exist is a usage error that names it', async () => {
  const { exitCode, stderr } = await runCommand(['check', '-f', '/nowhere/at-all']);
  assert.equal(exitCode, 2);
  assert.match(stderr, /can't read \/nowhere\/at-all: no such file or directory/);
});
