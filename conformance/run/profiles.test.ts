/** Profiles have short names, and those that a class serves are known by its features. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimedProfiles, profileNamed } from './profiles.ts';

test('short and full names are the same', () => {
  assert.equal(profileNamed('http'), 'GATEWAY-HTTP');
  assert.equal(profileNamed('GATEWAY-UDP'), 'GATEWAY-UDP');
  assert.throws(() => profileNamed('mesh'), /unknown profile mesh; one of: http, grpc/);
});

test('a class claims the profiles of its kinds of routes', () => {
  const features = ['Gateway', 'HTTPRoute', 'HTTPRoute303RedirectStatusCode', 'TLSRoute'];
  assert.deepEqual(claimedProfiles(features), ['GATEWAY-HTTP', 'GATEWAY-TLS']);
  assert.throws(() => claimedProfiles(['Gateway']), /no kind of routes/);
});
