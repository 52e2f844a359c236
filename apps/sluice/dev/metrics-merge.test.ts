import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeMetrics } from './metrics-merge.ts';

const page = (value: number) => `# HELP requests Requests.
# TYPE requests counter
requests{route="a b"} ${value}
# TYPE up gauge
up 1
`;

test('families of several Gateways are one family, samples carry the Gateway', () => {
  assert.equal(
    mergeMetrics([
      { gateway: 'default/one', text: page(1) },
      { gateway: 'default/two', text: page(2) },
    ]),
    `# HELP requests Requests.
# TYPE requests counter
requests{gateway="default/one",route="a b"} 1
requests{gateway="default/two",route="a b"} 2
# TYPE up gauge
up{gateway="default/one"} 1
up{gateway="default/two"} 1
`,
  );
});

test('no Gateway, no metrics', () => {
  assert.equal(mergeMetrics([]), '');
});
