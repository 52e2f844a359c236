/**
 * Addresses that no endpoint may have: they lead back into the data plane or its own link, where
 * admin ports, sidecars and cloud metadata services listen (CVE-2021-25740 and its kin).
 */

/** Why the address is refused; undefined: it may be dialled. */
export function refusedAddress(address: string, allowLoopback: boolean): string | undefined {
  const kind = classifyAddress(address);
  if (kind === undefined || (kind === 'loopback' && allowLoopback)) return undefined;
  return `${address} is a${kind === 'unspecified' ? 'n' : ''} ${kind} address`;
}

type SpecialAddress = 'loopback' | 'link-local' | 'unspecified' | 'multicast';

function classifyAddress(address: string): SpecialAddress | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  const octets = (mapped?.[1] ?? address).split('.').map(Number);
  if (octets.length === 4 && octets.every((octet) => octet >= 0 && octet <= 255)) {
    return classifyIpv4(octets);
  }
  return classifyIpv6(address.toLowerCase());
}

function classifyIpv4(octets: readonly number[]): SpecialAddress | undefined {
  const [first = 0, second = 0] = octets;
  if (first === 127) return 'loopback';
  if (first === 0) return 'unspecified';
  if (first === 169 && second === 254) return 'link-local';
  return first >= 224 ? 'multicast' : undefined;
}

function classifyIpv6(address: string): SpecialAddress | undefined {
  const groups = expandIpv6(address);
  if (groups === undefined) return undefined;
  const first = groups[0] ?? 0;
  if ((first & 0xffc0) === 0xfe80) return 'link-local';
  if ((first & 0xff00) === 0xff00) return 'multicast';
  const leading = groups.slice(0, 5);
  if (leading.some((group) => group !== 0)) return undefined;
  const [sixth = 0, seventh = 0, last = 0] = groups.slice(5);
  if (sixth === 0 && seventh === 0)
    return last <= 1 ? (last === 1 ? 'loopback' : 'unspecified') : undefined;
  if (sixth !== 0xffff) return undefined;
  return classifyIpv4([seventh >> 8, seventh & 255, last >> 8, last & 255]);
}

/** Eight 16-bit groups; undefined: not written as IPv6. */
function expandIpv6(address: string): readonly number[] | undefined {
  if (!/^[0-9a-f:]+$/.test(address) || !address.includes(':')) return undefined;
  const [head = '', tail] = address.split('::');
  const before = parseGroups(head);
  const after = tail === undefined ? [] : parseGroups(tail);
  const missing = 8 - before.length - after.length;
  if (missing < 0 || (tail === undefined && missing !== 0)) return undefined;
  return [...before, ...Array<number>(missing).fill(0), ...after];
}

function parseGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
