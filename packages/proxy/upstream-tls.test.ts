/** Which names a certificate holds, as Node.js writes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PeerCertificate } from 'node:tls';
import type { SubjectAltNameConfig } from '@sluice/model';
import { UpstreamTlsCache } from './upstream-tls.ts';

function accepts(wanted: SubjectAltNameConfig, subjectaltname: string): boolean {
  const config = { serverName: 'unused.example', subjectAltNames: [wanted] };
  const tls = new UpstreamTlsCache().load(config, new Map());
  assert.ok(typeof tls !== 'string');
  const certificate = { subject: { CN: '' }, subjectaltname } as PeerCertificate;
  return tls.options.checkServerIdentity?.('unused.example', certificate) === undefined;
}

const dns: SubjectAltNameConfig = { kind: 'dns', value: 'a.example' };
const uri: SubjectAltNameConfig = { kind: 'uri', value: 'spiffe://a' };
const cases: readonly (readonly [SubjectAltNameConfig, names: string, accepted: boolean])[] = [
  [dns, 'DNS:a.example', true],
  [dns, 'DNS:A.example', true],
  [dns, 'IP Address:10.0.0.1, DNS:a.example', true],
  [dns, 'othername:SmtpUTF8Mailbox:"x, y", DNS:a.example', true],
  [dns, 'DNS:b.example', false],
  [dns, '', false],
  [dns, 'URI:a.example', false],
  [dns, 'URI:"x, DNS:a.example"', false],
  [dns, 'email:DNS:a.example', false],
  [dns, 'DirName:CN=DNS:a.example', false],
  [dns, 'othername:SmtpUTF8Mailbox:"x, DNS:a.example"', false],
  [uri, 'URI:spiffe://a', true],
  [uri, 'DNS:b.example, URI:"spiffe://a"', true],
  [uri, 'URI:spiffe://A', false],
  [uri, 'email:URI:spiffe://a', false],
];

for (const [wanted, names, accepted] of cases) {
  test(`${wanted.value} is ${accepted ? 'one' : 'none'} of: ${names}`, () => {
    assert.equal(accepts(wanted, names), accepted);
  });
}
