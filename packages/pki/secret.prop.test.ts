import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { createLocalCertificate, type LocalCertificate, readCaBundle } from './index.ts';
import { readKeyPair, readSecretFacts } from './secret.ts';

let made: LocalCertificate;

before(async () => {
  const now = Date.UTC(2026, 10, 25);
  made = await createLocalCertificate({ hostnames: ['a.example.com'], now, days: 1 });
});

const pem = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64')}\n-----END ${label}-----\n`;

function derOf(text: string): Buffer {
  return Buffer.from(text.replace(/-----[^-]*-----/g, ''), 'base64');
}

/** Flips octets of a certificate or key. */
function damage(
  text: string,
  label: string,
  edits: readonly (readonly [number, number])[],
): string {
  const der = derOf(text);
  for (const [at, by] of edits) der[at % der.length] = (der[at % der.length] ?? 0) ^ by;
  return pem(label, der);
}

const edits = fc.array(fc.tuple(fc.nat(4096), fc.integer({ min: 1, max: 255 })), { maxLength: 3 });
const value = fc.oneof(
  fc.string(),
  fc.base64String(),
  fc.constant('-----BEGIN CERTIFICATE-----\n'),
);

test('whatever a Secret holds, it has facts or a problem and never throws', () => {
  fc.assert(
    fc.property(edits, edits, fc.option(value), (certificate, key, other) => {
      const secret = {
        metadata: { namespace: 'a', name: 'b' },
        type: 'kubernetes.io/tls',
        data: { 'ca.crt': other ?? '' },
        stringData: {
          'tls.crt': other ?? damage(made.certificatePem, 'CERTIFICATE', certificate),
          'tls.key': damage(made.privateKeyPem, 'PRIVATE KEY', key),
        },
      };
      const facts = readSecretFacts(secret);
      assert.notEqual(facts.certificate === undefined, facts.problem === undefined);
      assert.ok(Number.isFinite(facts.certificate?.notAfter ?? 0));
      assert.equal(readKeyPair(secret) === undefined, facts.certificate === undefined);
      assert.ok(!JSON.stringify(facts).includes(secret.stringData['tls.key'].slice(40, 80)));
      readCaBundle(secret.stringData['tls.crt']);
    }),
    { numRuns: 400 },
  );
});
