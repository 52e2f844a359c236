import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  AccessLog,
  type AccessLogEntry,
  renderBackend,
  renderClient,
  renderPlace,
} from './access-log.ts';

const entry: AccessLogEntry = {
  wallMs: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  method: 'GET',
  host: 'a.example',
  path: '/x',
  protocol: 'HTTP/1.1',
  statusCode: 200,
  requestBytes: 1,
  responseBytes: 2,
  durationMicros: 1234,
  upstreamMicros: 1000,
  client: renderClient('127.0.0.1'),
  place: renderPlace('http', 'HTTPRoute/a/b', 0),
  backend: renderBackend('Service/a/b:80'),
  endpoint: '127.0.0.1:80',
  retries: 0,
  flags: '',
  configVersion: 'v1',
};

test('an entry is one JSON line with all its values', () => {
  let out = '';
  const log = new AccessLog((lines) => {
    out += Buffer.from(lines).toString();
  });
  log.write(entry);
  log.flush();
  const line: unknown = JSON.parse(out);
  assert.deepEqual(line, {
    time: '2026-01-02T03:04:05.006Z',
    method: 'GET',
    host: 'a.example',
    path: '/x',
    protocol: 'HTTP/1.1',
    status: 200,
    requestBytes: 1,
    responseBytes: 2,
    durationMicros: 1234,
    upstreamMicros: 1000,
    client: '127.0.0.1',
    listener: 'http',
    route: 'HTTPRoute/a/b',
    rule: 0,
    backend: 'Service/a/b:80',
    endpoint: '127.0.0.1:80',
    retries: 0,
    flags: '',
    config: 'v1',
  });
});

test('any host and path stay one valid line that says the same', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, (host, path) => {
      let out = '';
      const log = new AccessLog((lines) => {
        out += Buffer.from(lines).toString();
      });
      log.write({ ...entry, host, path });
      log.flush();
      assert.equal(out.indexOf('\n'), out.length - 1);
      const line = JSON.parse(out);
      assert.deepEqual([line.host, line.path], [host, path]);
    }),
  );
});

test('lines leave together: when there are many, or when the first is old enough', () => {
  const batches: number[] = [];
  const log = new AccessLog((lines) => batches.push(lines.length));
  log.write(entry);
  assert.equal(batches.length, 0);
  log.flush();
  const size = batches.reduce((sum, length) => sum + length, 0);
  for (let count = 0; count < 1000; count += 1) log.write(entry);
  const large = batches.slice(1);
  assert.ok(large.length >= Math.floor((1000 * size) / (64 * 1024 + size)));
  for (const length of large) assert.equal(length % size, 0);
  log.flush();
  assert.equal(
    batches.reduce((sum, length) => sum + length),
    1001 * size,
  );
});

test('a path of any length is a line that fits', () => {
  let out = '';
  const log = new AccessLog((lines) => {
    out += Buffer.from(lines).toString();
  });
  for (let count = 0; count < 4; count += 1) log.write({ ...entry, path: 'é'.repeat(100_000) });
  log.flush();
  const lines = out.split('\n').filter(Boolean);
  assert.equal(lines.length, 4);
  for (const line of lines) assert.equal(JSON.parse(line).path.length, 32 * 1024);
});

test('numbers are written whole', () => {
  for (const value of [0, 9, 10, 99, 100, 12_345, 2 ** 31, 2 ** 53 - 1, -1, Number.NaN, 1.5]) {
    let out = '';
    const log = new AccessLog((lines) => {
      out += Buffer.from(lines).toString();
    });
    log.write({ ...entry, responseBytes: value });
    log.flush();
    const expected = Number.isSafeInteger(value) && value >= 0 ? value : 0;
    assert.equal(JSON.parse(out).responseBytes, expected);
  }
});
