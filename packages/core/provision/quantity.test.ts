import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readQuantity } from './quantity.ts';

/** As kube-apiserver writes them. */
const CANONICAL: readonly (readonly [string, string])[] = [
  ['500m', '500m'],
  ['0.5', '500m'],
  ['1000m', '1'],
  ['1.5', '1500m'],
  ['2', '2'],
  ['1000', '1k'],
  ['0', '0'],
  ['0Mi', '0'],
  ['256Mi', '256Mi'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['0.5Ki', '512'],
  ['1500k', '1500k'],
  ['1000k', '1M'],
];

for (const [text, canonical] of CANONICAL) {
  test(`${text} is written ${canonical}`, () => {
    assert.equal(readQuantity(text)?.text, canonical);
    assert.deepEqual(readQuantity(canonical), readQuantity(text));
  });
}

for (const text of ['', '1e3', '-1', '1.2345', '0.5m', '1 Gi', 'Gi', '1Pi', '0.001Ki']) {
  test(`"${text}" is no quantity that is taken`, () => {
    assert.equal(readQuantity(text), undefined);
  });
}
