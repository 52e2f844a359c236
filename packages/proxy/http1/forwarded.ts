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

const hostPrefix = octetsOf('X-Forwarded-Host: ');
const hostName = octetsOf('x-forwarded-host');
const lineEndLength = 2;

/** X-Forwarded-Host of a connection's current request; one for all of them, one after another. */
export class ForwardedHost implements HeaderEdits {
  readonly omits = false;
  readonly omitIds = keptIds;
  readonly omitNames = [];
  readonly host = '';
  readonly refused = [];
  append: Uint8Array = new Uint8Array(0);

  get appended(): HeaderEdits['appended'] {
    return [{ id: FIELD['x-forwarded-host'], name: hostName, line: this.append }];
  }

  /** The authority as sent, with its port. */
  write(bytes: Uint8Array, start: number, end: number): void {
    const length = hostPrefix.length + end - start + lineEndLength;
    if (this.append.length !== length) {
      this.append = new Uint8Array(length);
      this.append.set(hostPrefix);
      this.append[length - 2] = 0x0d;
      this.append[length - 1] = 0x0a;
    }
    let at = hostPrefix.length;
    for (let from = start; from < end; from += 1) {
      this.append[at] = bytes[from] as number;
      at += 1;
    }
  }
}

function lineOf(
  name: string,
  field: 'x-forwarded-for' | 'x-forwarded-proto',
  value: string,
): HeaderEdits['appended'][number] {
  return { id: FIELD[field], name: octetsOf(field), line: octetsOf(`${name}: ${value}\r\n`) };
}
