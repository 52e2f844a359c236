/**
 * X-Forwarded-For, -Proto and -Host: what the endpoint may believe about the client.
 *
 * A peer that is not trusted gets all it sent replaced, aliases with `_` included: servers that
 * map both to one variable would take the client's word. A trusted proxy's words stay, and its
 * address is added.
 */
import { FIELD, type HeaderEdits, octetsOf } from '@sluice/wire';

export interface ForwardedFacts {
  readonly clientAddress: string;
  readonly scheme: 'http' | 'https';
  /** As the client sent it, with its port; empty: none. */
  readonly authority: string;
  readonly trusted: boolean;
}

const replacedIds = new Uint8Array(256);
for (const name of [
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'forwarded',
  'x-real-ip',
] as const) {
  replacedIds[FIELD[name]] = 1;
}

const replacedNames = ['for', 'proto', 'host', 'port'].flatMap((part) => [
  octetsOf(`x_forwarded_${part}`),
  octetsOf(`x-forwarded_${part}`),
  octetsOf(`x_forwarded-${part}`),
]);
const aliases = [...replacedNames, octetsOf('x_real_ip'), octetsOf('x_real-ip')];
const keptIds = new Uint8Array(256);
// The answer to Expect was ours: by now the client sends its body.
replacedIds[FIELD.expect] = keptIds[FIELD.expect] = 1;

export function forwardedEdits(facts: ForwardedFacts): HeaderEdits {
  const lines = [line('X-Forwarded-For', facts.clientAddress)];
  if (!facts.trusted) {
    lines.push(line('X-Forwarded-Proto', facts.scheme));
    if (facts.authority !== '') lines.push(line('X-Forwarded-Host', facts.authority));
  }
  return {
    omitIds: facts.trusted ? keptIds : replacedIds,
    omitNames: aliases,
    appended: lines,
    append: Buffer.concat(lines.map((one) => one.line)),
    host: '',
    refused: [],
  };
}

function line(name: string, value: string): HeaderEdits['appended'][number] {
  const id = fieldIds[name.toLowerCase()] ?? 0;
  return { id, name: octetsOf(name.toLowerCase()), line: octetsOf(`${name}: ${value}\r\n`) };
}

const fieldIds: Readonly<Record<string, number>> = {
  'x-forwarded-for': FIELD['x-forwarded-for'],
  'x-forwarded-proto': FIELD['x-forwarded-proto'],
  'x-forwarded-host': FIELD['x-forwarded-host'],
};
