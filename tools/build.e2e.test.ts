import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });

test('the built command checks manifests and says its version', () => {
  run('tools/build.ts');
  assert.match(run('dist/sluice.js', 'version'), /^sluice \d+\.\d+\.\d+ \(Gateway API v1\.7\.0/);
  const explained = run(
    'dist/sluice.js',
    'explain',
    '-f',
    'examples/quickstart/manifests',
    'GET',
    'http://shop.localhost/api/orders/7',
  );
  assert.match(explained, /HTTPRoute default\/orders spec\.rules\[0\]/);
});
