/** The suite starts only on a class that is accepted, up to date and lists features. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGatewayClass } from './gateway-class.ts';

const accepted = { type: 'Accepted', status: 'True', observedGeneration: 2 };
const supportedFeatures = [{ name: 'Gateway' }, { name: 'HTTPRoute' }];
const metadata = { generation: 2 };

test('an accepted class gives its features', () => {
  const answer = readGatewayClass({
    metadata,
    status: { conditions: [accepted], supportedFeatures },
  });
  assert.deepEqual(answer, { features: ['Gateway', 'HTTPRoute'], wanting: undefined });
});

const wanting: readonly (readonly [
  string,
  Parameters<typeof readGatewayClass>[0]['status'],
  RegExp,
])[] = [
  ['no status', undefined, /no controller has set Accepted/],
  ['no features', { conditions: [accepted] }, /lists no supportedFeatures/],
  [
    'refused',
    {
      conditions: [{ ...accepted, status: 'False', reason: 'InvalidParameters', message: 'why' }],
      supportedFeatures,
    },
    /Accepted is False: InvalidParameters why/,
  ],
  [
    'an older generation',
    { conditions: [{ ...accepted, observedGeneration: 1 }], supportedFeatures },
    /out of date/,
  ],
];

for (const [name, status, message] of wanting) {
  test(`not yet: ${name}`, () => {
    const answer = readGatewayClass(status === undefined ? { metadata } : { metadata, status });
    assert.match(answer.wanting ?? '', message);
  });
}
