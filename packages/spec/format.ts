/**
 * Formats of strings and integers, as the API server's validator checks them.
 */

/** Undefined: the value has the format, or the format is not one that is checked. */
export function formatProblem(format: string, value: string | number): string | undefined {
  const check = formats[format];
  return check === undefined || check.test(value) ? undefined : check.problem;
}

export function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return (
    parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && +part < 256)
  );
}

/** RFC 4291 section 2.2, without a zone. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return false;
  let groups = 0;
  for (const [index, half] of halves.entries()) {
    const parts = half === '' ? [] : half.split(':');
    const last = parts.at(-1);
    const embedsIpv4 = index === halves.length - 1 && last?.includes('.');
    if (embedsIpv4 && !isIpv4(parts.pop() ?? '')) return false;
    if (!parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return false;
    groups += parts.length + (embedsIpv4 ? 2 : 0);
  }
  return halves.length === 2 ? groups < 8 : groups === 8;
}

export function isDns1123Label(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text);
}

export function isDns1123Subdomain(text: string): boolean {
  return (
    text.length <= 253 &&
    text.split('.').every((label) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(label))
  );
}

/** Label and annotation keys: an optional DNS prefix, a slash, a name. */
export function isQualifiedName(text: string): boolean {
  const parts = text.split('/');
  const name = parts.pop() ?? '';
  if (parts.length > 1 || (parts[0] !== undefined && !isDns1123Subdomain(parts[0]))) return false;
  return name.length <= 63 && /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name);
}

/** Also the value of a label selector. */
export function isLabelValue(text: string): boolean {
  return text.length <= 63 && /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(text);
}

interface FormatCheck {
  readonly test: (value: string | number) => boolean;
  readonly problem: string;
}

const text = (test: (value: string) => boolean, problem: string): FormatCheck => ({
  test: (value) => typeof value === 'string' && test(value),
  problem,
});

const formats: Readonly<Record<string, FormatCheck>> = {
  int32: {
    test: (value) => typeof value === 'number' && value >= -(2 ** 31) && value < 2 ** 31,
    problem: 'must fit in 32 bits',
  },
  int64: {
    test: (value) => typeof value === 'number' && value >= -(2 ** 63) && value < 2 ** 63,
    problem: 'must fit in 64 bits',
  },
  'date-time': text(isDateTime, 'must be a time as in RFC 3339, like 2026-01-31T12:00:00Z'),
  ipv4: text(isIpv4, 'must be an IPv4 address'),
  ipv6: text(isIpv6, 'must be an IPv6 address'),
  ip: text((value) => isIpv4(value) || isIpv6(value), 'must be an IP address'),
  byte: text(isBase64, 'must be base64'),
  'label-value': text(
    isLabelValue,
    'must be at most 63 letters, digits, "-", "_" and ".", the first and last a letter or digit',
  ),
  'qualified-name': text(isQualifiedName, 'must be a name, or a domain, "/" and a name'),
  'host-name': text(
    (value) => value !== '' && isDns1123Subdomain(value.replace(/\.$/, '')),
    'must be a DNS name in lower case, like shop.example.com',
  ),
  'full-host-name': text(
    (value) => /.\../.test(value) && isFullHostName(value.replace(/\.$/, '')),
    'must be a DNS name of several labels in lower case, like shop.example.com',
  ),
  'port-name': text(
    isPortName,
    'must be at most 15 lower-case letters, digits and single "-", with a letter among them',
  ),
  'shortest-ipv6': text(
    (value) => isIpv6(value) && value === shortestIpv6(value),
    'must be an IPv6 address in its shortest form',
  ),
};

function isFullHostName(value: string): boolean {
  return value.includes('.') && value.length <= 253 && value.split('.').every(isDns1123Label);
}

/** A name that a port of a container may have. */
function isPortName(value: string): boolean {
  return (
    value.length <= 15 &&
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value) &&
    /[a-z]/.test(value) &&
    !value.includes('--')
  );
}

/** RFC 5952; undefined for IPv4 in IPv6, which has no form of its own. */
function shortestIpv6(value: string): string | undefined {
  if (value.includes('.')) return undefined;
  const [head = [], tail] = value.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = tail === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array<string>(zeros).fill('0'), ...(tail ?? [])];
  const plain = groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
  if (/^(?:0:){5}ffff:/.test(plain)) return undefined;
  const runs = [...plain.matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)];
  const [longest] = runs.toSorted(([one], [other]) => other.length - one.length);
  if (longest === undefined) return plain;
  const before = plain.slice(0, longest.index).replace(/:$/, '');
  const after = plain.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}

function isDateTime(value: string): boolean {
  const form =
    /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[-+]\d\d:\d\d)$/;
  const [, year, month, day] = form.exec(value) ?? [];
  return year !== undefined && Number(day) >= 1 && Number(day) <= daysIn(+year, Number(month));
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

/** As Go decodes it: line breaks are skipped, padding is required. */
function isBase64(value: string): boolean {
  const compact = value.replace(/[\r\n]/g, '');
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
}
