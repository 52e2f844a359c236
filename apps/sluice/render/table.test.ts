import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTable } from './table.ts';

test('columns are as wide as their widest visible cell and lines end without blanks', () => {
  assert.deepEqual(
    renderTable(
      ['NAME', 'PORT'],
      [
        ['\u001b[31mweb\u001b[39m', '80'],
        ['a-longer-name', ''],
      ],
    ),
    ['NAME           PORT', '\u001b[31mweb\u001b[39m            80', 'a-longer-name'],
  );
});

test('no rows render as nothing', () => {
  assert.deepEqual(renderTable(['NAME'], []), []);
});
