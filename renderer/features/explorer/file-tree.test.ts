// Search by name ranks as people expect.
import { expect, test } from 'vitest';
import { rankFiles } from './file-tree.ts';

const FILES = ['src/uart/uart_tx.sv', 'src/uart/uart_rx.sv', 'tb/tb_uart_tx.sv', 'src/fifo.sv', 'doc/uart/notes.md', 'u/a/r/t.v'];

test.each([
  ['uart_tx', ['src/uart/uart_tx.sv', 'tb/tb_uart_tx.sv']],
  ['uart', ['src/uart/uart_rx.sv', 'src/uart/uart_tx.sv', 'tb/tb_uart_tx.sv', 'doc/uart/notes.md', 'u/a/r/t.v']],
  ['tbtx', ['tb/tb_uart_tx.sv']],
  ['FIFO', ['src/fifo.sv']],
  ['nothing', []],
])('%s', (query, expected) => {
  expect(rankFiles(FILES, query, 10)).toEqual(expected);
});

test('50,000 names are ranked within a frame or two', () => {
  const files = Array.from({ length: 50_000 }, (_, at) => `src/block_${at % 100}/module_${at}.sv`);
  const started = performance.now();
  expect(rankFiles(files, 'module_4999', 20)[0]).toBe('src/block_99/module_4999.sv');
  expect(performance.now() - started).toBeLessThan(250);
});
