/**
 * `node bench/wire.ts`: CPU nanoseconds per head that the HTTP/1.1 codec reads and
 * writes.
 *
 * Each figure is the best of several rounds: the least disturbed one.
 */
import {
  compileHeaderEdits,
  DEFAULT_LIMITS,
  METHOD,
  Output,
  parseRequestHead,
  parseResponseHead,
  RequestHead,
  RequestHeadPlan,
  ResponseHead,
  ResponseHeadPlan,
  writeRequestHead,
  writeResponseHead,
} from '@sluice/wire';

const ROUNDS = 12;
const RUNS = 200_000;

const SMALL = lines('GET /small HTTP/1.1', 'Host: localhost:8080', 'Connection: keep-alive');
const LARGE = lines(
  'GET /api/v1/items/12345?expand=owner&limit=50 HTTP/1.1',
  'Host: shop.example.com',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
  'Accept-Language: en-US,en;q=0.5',
  'Accept-Encoding: gzip, deflate, br, zstd',
  'Referer: https://shop.example.com/items?page=3',
  'Connection: keep-alive',
  `Cookie: session=${'0123456789abcdef'.repeat(6)}; theme=dark`,
  'X-Requested-With: XMLHttpRequest',
  'If-None-Match: "5d8c72a5edda8d6a:3239"',
  'Cache-Control: max-age=0',
);
const RESPONSE = lines(
  'HTTP/1.1 200 OK',
  'Date: Sun, 06 Nov 1994 08:49:37 GMT',
  'Content-Type: application/json',
  'Content-Length: 2048',
  'Connection: keep-alive',
);
const FORWARDED = compileHeaderEdits([
  {
    set: [
      { name: 'X-Forwarded-For', value: '192.0.2.10' },
      { name: 'X-Forwarded-Proto', value: 'http' },
    ],
    add: [],
    remove: [],
  },
]);

const out = new Output(Buffer.alloc(65_536));

for (const [name, text] of [
  ['small', SMALL],
  ['11 fields', LARGE],
  ['escaped path', SMALL.replace('/small', '/a/%7euser/./b')],
] as const) {
  const bytes = Buffer.from(text, 'latin1');
  const head = new RequestHead(DEFAULT_LIMITS);
  const plan = new RequestHeadPlan();
  report(`read request, ${name} (${bytes.length} octets)`, () =>
    parseRequestHead(head, bytes, 0, bytes.length),
  );
  report(`write request, ${name}, unchanged`, () => writeOnce(head, plan));
  const edited = new RequestHeadPlan();
  edited.edits = [FORWARDED];
  report(`write request, ${name}, with X-Forwarded`, () => writeOnce(head, edited));
}

const bytes = Buffer.from(RESPONSE, 'latin1');
const response = new ResponseHead(DEFAULT_LIMITS);
const responsePlan = new ResponseHeadPlan();
report(`read response (${bytes.length} octets)`, () => {
  response.expect(METHOD.GET);
  return parseResponseHead(response, bytes, 0, bytes.length);
});
responsePlan.framing = response.framing;
report('write response', () => {
  out.at = 0;
  return writeResponseHead(out, response, responsePlan);
});

function writeOnce(head: RequestHead, plan: RequestHeadPlan): number {
  out.at = 0;
  return writeRequestHead(out, head, plan);
}

function report(name: string, run: () => number): void {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let index = 0; index < RUNS; index += 1) {
      if (run() <= 0) throw new Error(`${name}: refused`);
    }
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, ((user + system) * 1000) / RUNS);
  }
  console.log(`${name.padEnd(52)} ${best.toFixed(0).padStart(6)} ns`);
}

function lines(...all: string[]): string {
  return [...all, '', ''].join('\r\n');
}
