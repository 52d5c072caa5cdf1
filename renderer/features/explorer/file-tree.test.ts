// The tree's rows and keys; search by name ranks as people expect.
import { describe, expect, test } from 'vitest';
import type { FileNode } from '@genrtl/contracts/workspace.ts';
import { bestMatches } from '../palette/match.ts';
import { moveOf, rowTyped, visibleRows } from './file-tree.ts';

const node = (path: string, kind: FileNode['kind'] = 'file'): FileNode => ({
  path,
  name: path.slice(path.lastIndexOf('/') + 1),
  kind,
  locked: false,
});
const FOLDERS = new Map([
  ['', [node('src', 'directory'), node('tb', 'directory'), node('top.sv')]],
  ['src', [node('src/uart', 'directory'), node('src/fifo.sv')]],
  ['src/uart', [node('src/uart/tx.sv')]],
]);
const paths = (open: ReadonlySet<string>): string[] =>
  visibleRows(FOLDERS, open).map((row) => `${row.level} ${row.entry.path}`);

describe('rows', () => {
  test('a folder shows its entries when it is open, and those above it are', () => {
    expect(paths(new Set())).toEqual(['0 src', '0 tb', '0 top.sv']);
    expect(paths(new Set(['src', 'src/uart']))).toEqual([
      '0 src',
      '1 src/uart',
      '2 src/uart/tx.sv',
      '1 src/fifo.sv',
      '0 tb',
      '0 top.sv',
    ]);
    expect(paths(new Set(['src/uart']))).toEqual(['0 src', '0 tb', '0 top.sv']);
  });
  test('an open folder that was not read yet shows nothing below it', () => {
    expect(paths(new Set(['tb']))).toEqual(['0 src', '0 tb', '0 top.sv']);
  });
});

describe('keys', () => {
  const open = new Set(['src', 'src/uart']);
  const rows = visibleRows(FOLDERS, open);
  test.each([
    ['ArrowDown', -1, { go: 0 }],
    ['ArrowDown', 5, { go: 5 }],
    ['ArrowUp', 0, { go: 0 }],
    ['ArrowUp', 3, { go: 2 }],
    ['Home', 4, { go: 0 }],
    ['End', 0, { go: 5 }],
    ['PageDown', 1, { go: 5 }],
    ['PageUp', 1, { go: 0 }],
    ['ArrowRight', 0, { go: 1 }],
    ['ArrowRight', 4, 'act'],
    ['ArrowRight', 5, null],
    ['ArrowLeft', 0, 'act'],
    ['ArrowLeft', 2, { go: 1 }],
    ['ArrowLeft', 3, { go: 0 }],
    ['ArrowLeft', 5, null],
    ['ArrowLeft', -1, null],
    ['Enter', 5, 'act'],
    [' ', 4, 'act'],
    ['Enter', -1, null],
    ['F2', 0, null],
    ['x', 0, null],
  ] as const)('%s in row %i', (key, at, expected) => {
    expect(moveOf(key, rows, at, open, 10)).toEqual(expected);
  });
  test('an empty workspace has nowhere to go', () => {
    expect(moveOf('ArrowDown', [], -1, new Set(), 10)).toBeNull();
  });
  test('letters find the next name, around the end; more letters keep a name that still fits', () => {
    expect(rowTyped(rows, 2, 't')).toBe(4);
    expect(rowTyped(rows, 4, 'T')).toBe(5);
    expect(rowTyped(rows, 5, 't')).toBe(2);
    expect(rowTyped(rows, 5, 'to')).toBe(5);
    expect(rowTyped(rows, 0, 'zz')).toBe(-1);
  });
});

const FILES = [
  'src/uart/uart_tx.sv',
  'src/uart/uart_rx.sv',
  'tb/tb_uart_tx.sv',
  'src/fifo.sv',
  'doc/uart/notes.md',
  'u/a/r/t.v',
];

test.each([
  ['uart_tx', ['src/uart/uart_tx.sv', 'tb/tb_uart_tx.sv']],
  ['uart', ['src/uart/uart_rx.sv', 'src/uart/uart_tx.sv', 'tb/tb_uart_tx.sv', 'doc/uart/notes.md', 'u/a/r/t.v']],
  ['tbtx', ['tb/tb_uart_tx.sv']],
  ['FIFO', ['src/fifo.sv']],
  ['nothing', []],
])('%s', (query, expected) => {
  expect(bestMatches(FILES, query, 10).best).toEqual(expected);
});

test('the one name that matches is found among 50,000', () => {
  const files = Array.from({ length: 50_000 }, (_, at) => `src/block_${at % 100}/module_${at}.sv`);
  expect(bestMatches(files, 'module_4999', 20).best[0]).toBe('src/block_99/module_4999.sv');
});
