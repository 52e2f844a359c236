/** The strings and numbers of a ProxyConfig, and what each may be. */
import { checkRegex } from '../regex.ts';
import { type Decoder, INVALID, integer, text } from './decoder.ts';

export const anyText = text(() => true, 'a string');
export const nonEmptyText = text((value) => value !== '', 'a string that is not empty');
export const port = integer(1, 65_535);
export const durationMs = integer(0, 2 ** 31 - 1);

const LABEL = '[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?';
const HOSTNAME = new RegExp(`^(\\*\\.)?${LABEL}(\\.${LABEL})*$`);

export const hostname = text(
  (value) => value.length <= 253 && HOSTNAME.test(value),
  'a hostname in lower case such as a.example.com or *.example.com',
);

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
export const methodName = text((value) => TOKEN.test(value), 'an HTTP method');
export const headerName = text((value) => TOKEN.test(value), 'a field name');
export const lowerHeaderName = text(
  (value) => TOKEN.test(value) && value === value.toLowerCase(),
  'a field name in lower case',
);

/** RFC 9110 section 5.5: no control bytes but tab. */
export const headerValue = text(
  (value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value),
  'a field value without control characters',
);

/** RFC 3986 section 3.3, with the limits of the Gateway API. */
const PATH = /^\/(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*$/;
export const pathText = text((value) => PATH.test(value), 'a path that begins with /');

/** What a rewrite may put into a request line. */
export const rewriteText = text(
  (value) => /^[!-"$-~]*$/.test(value),
  'printable ASCII without spaces and #',
);

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
export const ipAddress = text(
  (value) => IPV4.test(value) || isIpv6(value),
  'an IPv4 or IPv6 address',
);

export const pattern: Decoder<string> = {
  decode(value, field, problems) {
    const decoded = anyText.decode(value, field, problems);
    if (decoded === INVALID) return INVALID;
    const check = checkRegex(decoded);
    if (check.ok) return decoded;
    problems.push({ field, message: check.problem });
    return INVALID;
  },
};

/** RFC 4291 section 2.2, without a zone. */
function isIpv6(value: string): boolean {
  const mapped = value.slice(value.lastIndexOf(':') + 1);
  const isMapped = mapped.includes('.');
  if (isMapped && !IPV4.test(mapped)) return false;
  const plain = isMapped ? `${value.slice(0, -mapped.length)}0:0` : value;
  const halves = plain.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const isFull = halves.length === 1 ? groups.length === 8 : groups.length <= 7;
  return isFull && groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group));
}
