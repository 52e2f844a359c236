import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { createLocalCertificate, type LocalCertificate, readCaBundle } from './index.ts';
import { readKeyPair, readSecretFacts, type SecretLike } from './secret.ts';

const now = Date.UTC(2026, 10, 25);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

let one: LocalCertificate;
let other: LocalCertificate;

before(async () => {
  const hostnames = ['Example.com', '*.example.com', '127.0.0.1', '::1'];
  one = await createLocalCertificate({ hostnames, now, days: 30 });
  other = await createLocalCertificate({ hostnames: ['other.test'], now, days: 30 });
});

function tlsSecret(data: Record<string, string>, type = 'kubernetes.io/tls'): SecretLike {
  return { metadata: { namespace: 'shop', name: 'tls' }, type, data };
}

describe('a local certificate', () => {
  test('names what it was made for, and its authority vouches for it', () => {
    const certificate = new X509Certificate(one.certificatePem);
    const authority = new X509Certificate(one.caPem);
    assert.equal(certificate.checkHost('a.example.com'), '*.example.com');
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(certificate.checkIP('::1'), '::1');
    assert.ok(certificate.verify(authority.publicKey));
    assert.ok(certificate.checkIssued(authority));
    assert.equal(authority.ca, true);
    assert.equal(certificate.ca, false);
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  });

  test('is valid for the days that were asked for', () => {
    const { certificate } = readSecretFacts(
      tlsSecret({ 'tls.crt': base64(one.certificatePem), 'tls.key': base64(one.privateKeyPem) }),
    );
    assert.equal(certificate?.notAfter, now + 30 * 86_400_000);
    assert.equal(certificate?.notBefore, now - 3_600_000);
  });
});

describe('a Secret with a usable pair', () => {
  test('becomes facts without values', () => {
    const secret = tlsSecret({
      'tls.crt': base64(one.certificatePem),
      'tls.key': base64(one.privateKeyPem),
      'ca.crt': base64(one.caPem),
    });
    const facts = readSecretFacts(secret);
    assert.equal(facts.problem, undefined);
    assert.deepEqual(facts.certificate?.dnsNames, ['example.com', '*.example.com']);
    assert.match(facts.certificate?.fingerprint ?? '', /^[0-9a-f]{64}$/);
    assert.equal(facts.caCertificates, one.caPem);
    assert.deepEqual(readKeyPair(secret), {
      certificatePem: one.certificatePem,
      privateKeyPem: one.privateKeyPem,
    });
  });

  test('may be written as stringData, which wins', () => {
    const secret: SecretLike = {
      ...tlsSecret({ 'tls.crt': base64('old'), 'tls.key': base64('old') }),
      stringData: { 'tls.crt': one.certificatePem, 'tls.key': one.privateKeyPem },
    };
    assert.equal(readSecretFacts(secret).problem, undefined);
  });

  test('has another fingerprint when the pair is another', () => {
    const facts = [one, other].map((pair) =>
      readSecretFacts(
        tlsSecret({
          'tls.crt': base64(pair.certificatePem),
          'tls.key': base64(pair.privateKeyPem),
        }),
      ),
    );
    assert.notEqual(facts[0]?.certificate?.fingerprint, facts[1]?.certificate?.fingerprint);
  });

  test('may carry a chain: the first certificate speaks', () => {
    const chain = one.certificatePem + one.caPem;
    const facts = readSecretFacts(
      tlsSecret({ 'tls.crt': base64(chain), 'tls.key': base64(one.privateKeyPem) }),
    );
    assert.deepEqual(facts.certificate?.dnsNames, ['example.com', '*.example.com']);
  });
});

describe('a Secret that is not one', () => {
  const encrypted = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
  }).privateKey;
  const legacy =
    '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n' +
    'DEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n';
  const cut = (pem: string): string => pem.replace(/\n[^\n-]+\n-----END/, '\n-----END');
  const cases: readonly (readonly [string, () => SecretLike, RegExp])[] = [
    ['no certificate', () => pair(undefined, one.privateKeyPem), /"tls.crt" is missing/],
    ['no key', () => pair(one.certificatePem, undefined), /"tls.key" is missing/],
    ['an empty certificate', () => pair('', one.privateKeyPem), /"tls.crt" is empty/],
    ['an empty key', () => pair(one.certificatePem, ' \n'), /"tls.key" is empty/],
    ['a text', () => pair('hello', one.privateKeyPem), /"tls.crt" holds no PEM block "CERTIF/],
    ['a key that is text', () => pair(one.certificatePem, 'hi'), /"tls.key" holds no PEM block/],
    ['another key', () => pair(one.certificatePem, other.privateKeyPem), /does not belong to/],
    ['an encrypted key', () => pair(one.certificatePem, encrypted), /is encrypted/],
    ['an old encrypted key', () => pair(one.certificatePem, legacy), /is encrypted/],
    ['a cut certificate', () => pair(cut(one.certificatePem), one.privateKeyPem), /1 of 1 in/],
    ['a cut key', () => pair(one.certificatePem, cut(one.privateKeyPem)), /"tls.key" can't be/],
    ['the CA first', () => pair(one.caPem + one.certificatePem, one.privateKeyPem), /belong/],
    ['text under data', () => tlsSecret({ 'tls.crt': '-----', 'tls.key': '' }), /not base64/],
    ['odd dates', () => pair(withoutDate(one.certificatePem), one.privateKeyPem), /dates that/],
    ['another type', () => tlsSecret({ 'tls.crt': '' }, 'Opaque'), /type is "Opaque"/],
  ];

  /** Makes the month of both dates 93. */
  function withoutDate(pem: string): string {
    const der = Buffer.from(pem.replace(/-----[^-]*-----/g, ''), 'base64').toString('latin1');
    const odd = der.replaceAll(/(?<=\x17\x0d\d\d)\d(?=\d{9}Z)/g, '9');
    const body = Buffer.from(odd, 'latin1').toString('base64');
    return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
  }

  function pair(chain: string | undefined, key: string | undefined): SecretLike {
    const data: Record<string, string> = {};
    if (chain !== undefined) data['tls.crt'] = base64(chain);
    if (key !== undefined) data['tls.key'] = base64(key);
    return tlsSecret(data);
  }

  for (const [name, build, expected] of cases) {
    test(name, () => assertProblem(build(), expected));
  }

  function assertProblem(secret: SecretLike, expected: RegExp): void {
    const facts = readSecretFacts(secret);
    assert.match(facts.problem ?? '', expected);
    assert.equal(facts.certificate, undefined);
    assert.equal(readKeyPair(secret), undefined);
    const body = one.privateKeyPem.split('\n')[1] ?? '';
    assert.ok(!JSON.stringify(facts).includes(body), 'key material in the facts');
  }

  test('a key that is too short is refused in the words of the TLS library', async () => {
    const x509 = await import('@peculiar/x509');
    const algorithm = {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength: 512,
      publicExponent: new Uint8Array([1, 0, 1]),
    };
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const weak = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=weak',
      keys,
      signingAlgorithm: algorithm,
      notAfter: new Date(now),
    });
    const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
    const key = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----`;
    const { problem } = readSecretFacts(pair(weak.toString('pem'), key));
    assert.match(problem ?? '', /refused by the TLS library \(ERR_SSL_EE_KEY_TOO_SMALL\)/);
  });

  test('other types without a certificate are no problem', () => {
    assert.equal(readSecretFacts(tlsSecret({ password: '' }, 'Opaque')).problem, undefined);
  });
});

describe('a CA bundle', () => {
  test('is counted', () => {
    assert.deepEqual(readCaBundle(`# two\n${one.caPem}\n${other.caPem}`), { certificates: 2 });
  });

  test('without a certificate is a problem', () => {
    assert.match(problemOf(one.privateKeyPem), /no PEM block/);
    assert.match(problemOf(''), /no PEM block/);
  });

  test('with a damaged certificate is a problem', () => {
    const damaged = one.caPem.replace(/\n[^\n-]+\n-----END/, '\n-----END');
    assert.match(problemOf(one.caPem + damaged), /certificate 2 of 2/);
  });

  function problemOf(pem: string): string {
    const bundle = readCaBundle(pem);
    return 'problem' in bundle ? bundle.problem : '';
  }
});
