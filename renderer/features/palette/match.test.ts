import { expect, test } from 'vitest';
import { bestMatches } from './match.ts';

const files = Array.from({ length: 60 }, (_, a) =>
  Array.from({ length: 50 }, (__, b) => `rtl/m_${a}/m_${a}_${b}.sv`),
).flat();

test('the last of thousands of files is found as the first is', () => {
  expect(files).toHaveLength(3000);
  expect(bestMatches(files, 'm_59_49', 10).best[0]).toBe('rtl/m_59/m_59_49.sv');
  expect(bestMatches(files, 'm5949', 10).best[0]).toBe('rtl/m_59/m_59_49.sv');
  const { best, count } = bestMatches(files, 'sv', 10);
  expect([best.length, count]).toEqual([10, 3000]);
});

test('a name comes before a folder of that name, a word before its letters; what lacks a letter is no match', () => {
  const list = ['uart/top.sv', 'top/uart_tx.sv', 'src/u_a_r_t.sv', 'src/uart.sv'];
  expect(bestMatches(list, 'uart', 9).best).toEqual(['src/uart.sv', 'top/uart_tx.sv', 'uart/top.sv', 'src/u_a_r_t.sv']);
  expect(bestMatches(list, 'top tx', 9).best).toEqual(['top/uart_tx.sv']);
  expect(bestMatches(list, 'zz', 9)).toEqual({ best: [], count: 0 });
  expect(bestMatches(list, ' ', 2)).toEqual({ best: list.slice(0, 2), count: 4 });
});
