/**
 * Makes HTTP/1 requests and responses that are nearly right, as text of one character per octet.
 *
 * Each place of the grammar is mostly valid and sometimes one of the oddities that peers have been
 * seen to disagree on; whole inputs are then mutated further (mutation.ts).
 */
import type { Random } from './random.ts';

const LINE_ENDS = ['\n', '\r', '\r\r\n', ' \r\n', '\t\r\n', '\n\r', '\0\r\n', '\r\n ', '\r\n\t'];
const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND', 'TRACE'];
const ODD_METHODS = ['get', 'FOO', '', 'GE T', 'CONNECT', 'PRI', 'G\0T', 'POST\t', ' GET', 'QUERY'];
const TARGETS = [
  '/',
  '/a/b',
  '/a?b=c&d',
  '/%41%2f%7e',
  '/a;b=c//d',
  '/.well-known/x',
  '/a.b/c-d_e~',
];
const ODD_TARGETS = [
  '*',
  '',
  'a',
  'a.test:80',
  'http://b.test/x?y',
  'http://b.test',
  'HTTPS://b.test:8/../x',
  'http://u@b.test/',
  'http:///x',
  '//b.test/',
  '/../x',
  '/a/../../x',
  '/a/./../b/%2e%2e/c',
  '/%00',
  '/%zz',
  '/%4',
  '/a\\b',
  '/a#b',
  '/a?b#c',
  '/\xe9',
  '/a\x7f',
  '/a b',
  '/a\tb',
  '?a',
  '/"<>^`{|}',
];
const VERSIONS = [
  'HTTP/1.0',
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/0.9',
  'HTTP/1.1 ',
  'HTTP/1.',
  'http/1.1',
  'HTTP/1.10',
  'HTTP/01.1',
  '',
  'RTSP/1.0',
  'ICE/1.0',
];
const HOSTS = ['Host: a.test', 'host: A_b.Test:80', 'HOST: [::1]:8'];
const ODD_HOSTS = [
  'Host:',
  'Host: a b',
  'Host: a/b',
  'Host: u@a',
  'Host : a',
  'Host: a\r\nHost: b',
  'X: y',
  'Host: a:x',
  'Host: %4',
  'Host: \xe9',
];
const FIELDS = [
  'Accept: */*',
  'Cookie: a=b; c="d"',
  'X-A: 1',
  'X-Empty:',
  'X-Space: \t a b \t',
  'X-Text: \xe9\xff',
  'Connection: keep-alive',
  'Connection: X-A, cookie',
  'TE: trailers',
  '__proto__: x',
  'Expect: 100-continue',
];
const ODD_FIELDS = [
  ' folded: x',
  '\tfolded',
  ': empty',
  'X Y: z',
  'X-A : 1',
  'X-A\t: 1',
  'X-(A): 1',
  'X-A',
  'X-A: a\0b',
  'X-A: a\rb',
  'X-A: a\x7fb',
  'X-A: a\nX-B: c',
  'X-\xe9: 1',
  'Connection: close',
  'Connection: keep-alive, close',
  'Connection: upgrade\r\nUpgrade: websocket',
  'Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: x',
  'Upgrade: a',
  'Proxy-Connection: close',
];
const LENGTHS = ['Content-Length: ', 'content-length:', 'Content-length: \t'];
const ODD_LENGTHS = [
  '+5',
  '-1',
  '0x5',
  '5 5',
  '5,5',
  '',
  '00005',
  '5.',
  '٥',
  '1234567890123456',
  '99999999999999999999',
  '18446744073709551616',
  '5\t',
  '5;',
  '１',
];
const CODINGS = [
  'gzip',
  'gzip, chunked',
  'chunked, gzip',
  'identity',
  'chunked;a',
  'Chunked',
  'chunked\t',
  '"chunked"',
  'xchunked',
  '\x0bchunked',
  'chunked, chunked',
  ', chunked',
  '',
];
const ODD_SIZES = [
  '',
  ' 5',
  '5 ',
  '0x5',
  '+5',
  '-5',
  'g',
  'ffffffffffffffff',
  '10000000000000000',
  '00000000000000000005',
  '5\t',
];
const EXTENSIONS = [';a', ';a=b', ';a="b;\\"c"', ';a;b=c'];
const ODD_EXTENSIONS = [
  ';',
  ' ;a',
  ';a=',
  ';a="b',
  ';a b',
  '; a',
  ';a\0',
  ';a\n',
  ';a="\n"',
  ';a=b"c"',
  ';=b',
  ';a="b"c',
  ';\xe9',
  ';a="\x01"',
  '=a',
  ';a="b"',
  ';a ="b"',
  ';a= b',
  `;${'x'.repeat(300)}`,
];
const STATUS_LINES = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 404 Not Found',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 204 No Content',
  'HTTP/1.1 304 Not Modified',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 104 Upload',
  'HTTP/1.1 500 ',
  'HTTP/1.1 503',
];
const ODD_STATUS_LINES = [
  'HTTP/1.1 20 OK',
  'HTTP/1.1 2000 OK',
  'HTTP/1.1  200 OK',
  'HTTP/1.1 200\tOK',
  'HTTP/2.0 200 OK',
  'http/1.1 200 OK',
  'HTTP/1.1 200 O\0K',
  'HTTP/1.1 200 \xe9',
  'HTTP/1.1',
  '\r\nHTTP/1.1 200 OK',
  'HTTP/1.1 099 x',
  'HTTP/1.1 600 x',
  'HTTP/1.1 101 Switching',
  'HTTP/1.1 200OK',
  'HTTP/1.2 200 OK',
  ' HTTP/1.1 200 OK',
  'ICY 200 OK',
];

/** One to three requests one after the other. */
export function makeRequests(random: Random): string {
  let text = '';
  for (let count = 1 + random.below(3); count > 0; count -= 1) text += makeRequest(random);
  return text;
}

/** One or two responses one after the other. */
export function makeResponses(random: Random): string {
  let text = '';
  for (let count = 1 + random.below(2); count > 0; count -= 1) {
    const line = random.mostly(random.pick(STATUS_LINES), ODD_STATUS_LINES, 12);
    text += `${line}${lineEnd(random)}${makeRest(random)}`;
  }
  return text;
}

function makeRequest(random: Random): string {
  const method = random.mostly(random.pick(METHODS), ODD_METHODS, 24);
  const target = random.mostly(random.pick(TARGETS), ODD_TARGETS, 8);
  const version = random.mostly('HTTP/1.1', VERSIONS, 16);
  const space = random.mostly(' ', ['  ', '\t', '', ' \t'], 64);
  const before = random.mostly('', ['\r\n', '\n', '\r\n\r\n', ' '], 32);
  const line = `${before}${method} ${target}${space}${version}`;
  const host = random.mostly(random.pick(HOSTS), ODD_HOSTS, 16);
  return `${line}${lineEnd(random)}${host}${lineEnd(random)}${makeRest(random)}`;
}

/** Fields, the empty line and a body. */
function makeRest(random: Random): string {
  let text = '';
  for (let count = random.below(4); count > 0; count -= 1) {
    text += random.mostly(random.pick(FIELDS), ODD_FIELDS, 8) + lineEnd(random);
  }
  const body = 'x'.repeat(random.below(12));
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2: {
      const length = random.mostly(String(body.length), ODD_LENGTHS, 6);
      const repeated = random.mostly(
        '',
        [`Content-Length: ${body.length}\r\n`, 'Transfer-Encoding: chunked\r\n'],
        12,
      );
      const line = `${random.pick(LENGTHS)}${length}${lineEnd(random)}`;
      return `${text}${line}${repeated}${lineEnd(random)}${body}`;
    }
    case 3:
    case 4:
    case 5: {
      const coding = random.mostly('chunked', CODINGS, 6);
      return `${text}Transfer-Encoding: ${coding}${lineEnd(random)}${lineEnd(random)}${makeChunks(random)}`;
    }
    default:
      return text + lineEnd(random);
  }
}

function makeChunks(random: Random): string {
  let text = '';
  for (let count = random.below(3); count > 0; count -= 1) {
    const data = 'y'.repeat(1 + random.below(20));
    const size = random.mostly(data.length.toString(16), ODD_SIZES, 16);
    text += `${size}${makeExtension(random)}${lineEnd(random)}${data}${lineEnd(random)}`;
  }
  const last = random.mostly('0', ['00', '', '0 ', '0x0', '-0'], 24);
  const trailer = random.mostly(
    '',
    [
      'A: b\r\n',
      'A : b\r\n',
      'Content-Length: 5\r\n',
      'Transfer-Encoding: chunked\r\n',
      ' x\r\n',
      'A: \0\r\n',
      'A: b\n',
      'X-A: 1\r\nHost: b\r\n',
    ],
    4,
  );
  return `${text}${last}${makeExtension(random)}${lineEnd(random)}${trailer}${lineEnd(random)}`;
}

function makeExtension(random: Random): string {
  if (!random.oneIn(4)) return '';
  return random.mostly(random.pick(EXTENSIONS), ODD_EXTENSIONS, 2);
}

function lineEnd(random: Random): string {
  return random.mostly('\r\n', LINE_ENDS, 96);
}
