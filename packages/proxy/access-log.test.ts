import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AccessLog, type AccessLogEntry, renderBackend, renderPlace } from './access-log.ts';

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
  client: '127.0.0.1',
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
    out += lines;
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
        out += lines;
      });
      log.write({ ...entry, host, path });
      log.flush();
      assert.equal(out.indexOf('\n'), out.length - 1);
      const line = JSON.parse(out);
      assert.deepEqual([line.host, line.path], [host, path]);
    }),
  );
});

test('lines of one turn leave together', async () => {
  const calls: string[] = [];
  const log = new AccessLog((lines) => calls.push(lines));
  log.write(entry);
  log.write(entry);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    calls.map((lines) => lines.split('\n').length - 1),
    [2],
  );
});
