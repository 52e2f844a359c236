/** A request view from plain parts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildRequest, normalizeHost } from './index.ts';

test('parts are split and lowered as the data plane does', () => {
  const request = buildRequest({
    host: 'A.Example.com.:8080',
    target: '/a/B?x=1?#no',
    headers: [
      ['X-One', '1'],
      ['x-one', '2'],
    ],
  });
  const { host, method, path, query } = request;
  assert.deepEqual(
    { host, method, path, query },
    {
      host: 'a.example.com',
      method: 'GET',
      path: '/a/B',
      query: 'x=1?',
    },
  );
  assert.equal(request.header('x-one'), '1, 2');
  assert.equal(request.header('constructor'), undefined);
});

test('the host may come from a header, and may be missing', () => {
  assert.equal(buildRequest({ target: '/', headers: [['Host', 'B.com:80']] }).host, 'b.com');
  assert.equal(buildRequest({ target: '' }).host, '');
  assert.equal(buildRequest({ target: '?a' }).path, '/');
});

test('normalizeHost leaves IPv6 literals whole', () => {
  assert.equal(normalizeHost('[2001:DB8::1]:443'), '[2001:db8::1]');
  assert.equal(normalizeHost('[::1]'), '[::1]');
});
