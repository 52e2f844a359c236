import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { planRule } from './cel.ts';
import { compilePattern, equivalents } from './pattern.ts';
import { isTransition } from './rules.ts';
import {
  type CelRule,
  type Channel,
  gatewayApiModule,
  generatedKinds,
  linkSchema,
  type Schema,
} from './schema.ts';

function children(schema: Schema): readonly Schema[] {
  return [
    ...Object.values(schema.properties ?? {}),
    ...[schema.items, schema.additionalProperties, schema.not].filter((each) => each !== undefined),
    ...(schema.oneOf ?? []),
    ...(schema.anyOf ?? []),
  ];
}

/** Every node as often as it is used. */
function* walk(schema: Schema): Generator<Schema> {
  yield schema;
  for (const child of children(schema)) yield* walk(child);
}

function nodesOf(channel: Channel): readonly Schema[] {
  return generatedKinds[channel].flatMap(({ versions }) =>
    versions.flatMap(({ schema }) => [...walk(linkSchema(schema))]),
  );
}

const nodes = { standard: nodesOf('standard'), experimental: nodesOf('experimental') };
const rulesOf = (channel: Channel): readonly CelRule[] =>
  nodes[channel].flatMap(({ rules }) => rules ?? []);

describe('generated files', () => {
  test('come from Gateway API v1.7.0', () => {
    assert.equal(gatewayApiModule.path, 'sigs.k8s.io/gateway-api');
    assert.equal(gatewayApiModule.version, 'v1.7.0');
    assert.match(gatewayApiModule.sum, /^h1:[A-Za-z0-9+/]{43}=$/);
  });

  test('types and schemas were written by the same run', () => {
    const types = readFileSync(new URL('./generated/types.ts', import.meta.url));
    assert.equal(createHash('sha256').update(types).digest('hex'), gatewayApiModule.typesSha256);
  });

  test('hold the kinds of both channels', () => {
    const kinds = (channel: Channel): string =>
      generatedKinds[channel].map(({ kind }) => kind).join(' ');
    const standard =
      'BackendTLSPolicy GRPCRoute Gateway GatewayClass HTTPRoute ListenerSet ReferenceGrant ' +
      'TCPRoute TLSRoute UDPRoute';
    assert.equal(kinds('standard'), standard);
    assert.equal(
      kinds('experimental'),
      `${standard} XBackend XBackendTrafficPolicy XMesh XTelemetryPolicy`,
    );
  });
});

describe('CEL rules', () => {
  const cases = [
    { channel: 'standard', all: 298, distinct: 80 },
    { channel: 'experimental', all: 445, distinct: 116 },
  ] as const;
  for (const { channel, all, distinct } of cases) {
    test(`${channel}: ${all} rules, ${distinct} distinct, each parses and plans`, () => {
      const rules = rulesOf(channel);
      const texts = new Set(rules.map(({ rule }) => rule));
      assert.deepEqual([rules.length, texts.size], [all, distinct]);
      for (const text of texts) assert.doesNotThrow(() => planRule(text), text);
    });
  }

  test('of transitions are about immutable fields only', () => {
    const transitions = new Set(
      rulesOf('experimental')
        .filter(isTransition)
        .map(({ rule }) => rule),
    );
    assert.deepEqual([...transitions], ['self == oldSelf']);
  });
});

describe('patterns', () => {
  const patterns = new Set(
    [...nodes.standard, ...nodes.experimental].flatMap(({ pattern }) => pattern ?? []),
  );

  test('compile', () => {
    assert.ok(patterns.size > 20);
    for (const pattern of patterns) assert.doesNotThrow(() => compilePattern(pattern), pattern);
  });

  test('use nothing that JavaScript reads otherwise than RE2', () => {
    for (const pattern of patterns) {
      assert.doesNotMatch(pattern, /\\[ACEQzpPbB]|\[\[:|\(\?[^:]|\\x\{/, pattern);
    }
  });

  test('end soon on hostile text', () => {
    for (const pattern of [...patterns, ...rulePatterns]) {
      assert.ok(slowestMs(pattern) < 1000, pattern);
    }
  });

  test('that were rewritten match what they matched', () => {
    const character = fc.constantFrom('a', 'b', ' ', '\t', 'ü', '!', '~', '\n');
    for (const [pattern, equivalent] of equivalents) {
      assert.ok(patterns.has(pattern), `${pattern} is not used any more`);
      const [original, rewritten] = [new RegExp(pattern), new RegExp(equivalent)];
      fc.assert(
        fc.property(fc.string({ unit: character, maxLength: 14 }), (text) => {
          assert.equal(rewritten.test(text), original.test(text), JSON.stringify(text));
        }),
        { numRuns: 500 },
      );
    }
  });
});

const rulePatterns = new Set(
  rulesOf('experimental').flatMap(({ rule }) =>
    [...rule.matchAll(/matches\((?:r"""(.*?)"""|'(.*?)')\)/g)].map(
      ([, raw, quoted]) => raw ?? quoted?.replaceAll('\\\\', '\\') ?? '',
    ),
  ),
);

/** Texts grow, so that an exponential pattern shows itself before it takes years. */
function slowestMs(pattern: string): number {
  const regex = compilePattern(pattern);
  let slowest = 0;
  for (const repetitions of [8, 16, 20, 24, 28, 300]) {
    for (const part of ['a', 'a.', 'a-', '1h', '%2', '/', '*', ' ', 'a ', 'a:', '_']) {
      for (const [before, after] of [
        ['', '!'],
        ['', 'ü'],
        ['*.', '\n'],
        ['a.a/', '\x01'],
      ]) {
        const start = process.cpuUsage();
        regex.test(`${before}${part.repeat(repetitions)}${after}`);
        const { user, system } = process.cpuUsage(start);
        slowest = Math.max(slowest, (user + system) / 1000);
        if (slowest > 1000) return slowest;
      }
    }
  }
  return slowest;
}
