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
  readonly trusted: boolean;
}

/** The same for all requests of a connection. */
export interface ForwardedEdits {
  readonly edits: HeaderEdits;
  /** X-Forwarded-Host is ours to write. */
  readonly withHost: boolean;
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

const keptIds = new Uint8Array(256);
// The answer to Expect was ours: by now the client sends its body.
replacedIds[FIELD.expect] = keptIds[FIELD.expect] = 1;

export function buildForwardedEdits(facts: ForwardedFacts): ForwardedEdits {
  const lines = [lineOf('X-Forwarded-For', 'x-forwarded-for', facts.clientAddress)];
  if (!facts.trusted) {
    lines.push(lineOf('X-Forwarded-Proto', 'x-forwarded-proto', facts.scheme));
  }
  const edits = {
    omits: true,
    omitIds: facts.trusted ? keptIds : replacedIds,
    // Aliases with `_` never leave the codec: see FIELD_ALIAS.
    omitNames: [],
    appended: lines,
    append: Buffer.concat(lines.map(({ line }) => line)),
    host: '',
    refused: [],
  };
  return { edits, withHost: !facts.trusted };
}

function lineOf(
  name: string,
  field: 'x-forwarded-for' | 'x-forwarded-proto',
  value: string,
): HeaderEdits['appended'][number] {
  return { id: FIELD[field], name: octetsOf(field), line: octetsOf(`${name}: ${value}\r\n`) };
}
