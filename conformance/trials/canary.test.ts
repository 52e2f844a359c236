/** A key is found in each form in which it could leak, and never where it is not. */
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { makeCanary } from './canary.ts';

const canary = await makeCanary('canary.example.com');
const another = await makeCanary('canary.example.com');

function formsOf(pem: string): Readonly<Record<string, Buffer | string>> {
  const key = createPrivateKey(pem);
  const der = key.export({ format: 'der', type: 'pkcs8' });
  const base64 = Buffer.from(pem).toString('base64');
  return {
    pem,
    der,
    sec1: key.export({ format: 'pem', type: 'sec1' }),
    json: JSON.stringify({ key: pem }),
    jwk: JSON.stringify(key.export({ format: 'jwk' })),
    hex: der.toString('hex'),
    'hex in capitals': der.toString('hex').toUpperCase(),
    base64,
    'base64 in one line': der.toString('base64'),
    'base64 after one octet': Buffer.from(`x${pem}`).toString('base64'),
    'base64 after two octets': Buffer.from(`xy${pem}`).toString('base64url'),
    gzip: gzipSync(pem),
    'base64 of gzip': JSON.stringify({ part: gzipSync(base64).toString('base64') }),
    'one line of it': pem.split('\n')[2] ?? '',
  };
}

for (const [name, form] of Object.entries(formsOf(canary.privateKeyPem))) {
  test(`found: ${name}`, () => assert.ok(canary.isIn(form)));
}

test('found: the piece', () => assert.ok(canary.isIn(`a=${canary.piece};`)));

for (const [name, form] of Object.entries(formsOf(another.privateKeyPem))) {
  test(`another key is not found: ${name}`, () => assert.ok(!canary.isIn(form)));
}

test('the certificate is no key', () => {
  assert.ok(!canary.isIn(canary.certificatePem));
  assert.ok(!canary.isIn(Buffer.from(canary.certificatePem).toString('base64')));
});
