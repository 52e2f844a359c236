/** Changes a few octets of an input, blindly: what no grammar would think of. */
import type { Random } from './random.ts';

const SPICE = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '"',
  '%',
  '\\',
  '/',
  '#',
  '\x7f',
  '\x80',
  '\xff',
  '0',
  'chunked',
  'Content-Length: 1\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Host: b\r\n',
  '\r\n\r\n',
];

/** Text of one character per octet; unchanged half of the time. */
export function mutate(random: Random, text: string): string {
  if (random.oneIn(2)) return text;
  let mutated = text;
  for (let count = 1 + random.below(3); count > 0; count -= 1)
    mutated = mutateOnce(random, mutated);
  return mutated;
}

function mutateOnce(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const rest = text.slice(at);
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + rest.slice(1);
    case 1:
      return text.slice(0, at) + random.pick(SPICE) + rest;
    case 2:
      return text.slice(0, at) + rest.slice(1 + random.below(4));
    case 3:
      return text.slice(0, at) + rest.slice(0, 1 + random.below(16)) + rest;
    case 4:
      return text.slice(0, at);
    default:
      return text.slice(0, at) + random.pick(SPICE) + rest.slice(1);
  }
}
