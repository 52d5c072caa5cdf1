import { describe, expect, it } from 'vitest';
import { manifest } from '../asking/manifest-fixture.ts';
import { packageLines, rankPackages } from './package-matches.ts';
import { packagePorts } from '../asking/package-ports.ts';

const catalog = [
  manifest({ cbb_id: 'cbb_uart_tx', function: 'UART transmitter', tags: ['uart', 'serial', 'transmitter'] }),
  manifest({ cbb_id: 'cbb_uart_rx', function: 'UART receiver', tags: ['uart', 'serial', 'receiver'] }),
  manifest({
    cbb_id: 'cbb_fifo_sync',
    version: '1.10.0',
    function: 'synchronous FIFO',
    tags: ['fifo', 'queue', 'buffer'],
  }),
];

describe('packages for a planner', () => {
  it('the ones whose words the specification uses come first', () => {
    expect(rankPackages('A buffer queue: FIFO of 16 words.', catalog).map((one) => one.cbb_id)[0]).toBe(
      'cbb_fifo_sync',
    );
    expect(rankPackages('Serial receiver for RS-232.', catalog).map((one) => one.cbb_id)[0]).toBe('cbb_uart_rx');
  });

  it('one line a package, with price, module, parameters and ports', () => {
    const lines = packageLines('UART and FIFO', catalog);
    expect(lines).toHaveLength(3);
    expect(lines.find((line) => line.startsWith('cbb_fifo_sync '))).toMatch(
      /^cbb_fifo_sync 1\.10\.0 \| synchronous FIFO \| \$0\.50 \| module cbb_top \| parameters: WIDTH=8 \| ports: clk rst_n d$/,
    );
  });

  it('what the specification has no telling word of is not offered', () => {
    expect(packageLines('A timer with a prescaler, of one clock.', catalog)).toEqual([]);
    expect(packageLines('A FIFO.', catalog)).toHaveLength(1);
  });

  it('the list is bounded', () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      manifest({ cbb_id: `cbb_x${String(index)}`, description: 'y'.repeat(10_000) }),
    );
    const spec = many.map(({ cbb_id }) => cbb_id.slice(4)).join(' ');
    expect(packageLines(spec, many)).toHaveLength(40);
    expect(packageLines(spec, many).join('').length).toBeLessThan(40 * 601);
  });
});

describe('port lists', () => {
  it('are declarations with widths, ranges and roles, one line a port', () => {
    const text = packagePorts([manifest({ description: 'Holds words.\nendmodule // evil' })]);
    expect(text).toContain('// cbb_test 1.0.0: Test block. Holds words. endmodule // evil');
    expect(text).toContain('  parameter WIDTH = 8 // at least 1, at most 64; data width');
    expect(text).toContain('  input [(WIDTH)-1:0] d // data: word in');
    expect(text).toContain('  input clk, // clock: clock');
  });
});
