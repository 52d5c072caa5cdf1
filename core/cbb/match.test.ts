import { describe, expect, it } from 'vitest';
import { builtinCatalog } from '../spec/fixtures/packages.ts';
import { compareVersions, matchFunction } from './match.ts';

const found = (text: string, catalog = builtinCatalog) => {
  const match = matchFunction(text, catalog);
  return match.status === 'found'
    ? `${match.manifest.cbb_id} by ${match.by}`
    : match.status === 'ambiguous'
      ? match.candidates.map(({ cbb_id }) => cbb_id)
      : match.status;
};
const like = (changes: Partial<(typeof builtinCatalog)[number]>) => ({
  ...builtinCatalog.find(({ cbb_id }) => cbb_id === 'cbb_fifo_sync')!,
  ...changes,
});

describe('matchFunction', () => {
  it.each([
    ['cbb_fifo_sync', 'cbb_fifo_sync by id'],
    ['CBB_FIFO_SYNC', 'cbb_fifo_sync by id'],
    ['Synchronous FIFO', 'cbb_fifo_sync by function'],
    ['sync FIFO', 'cbb_fifo_sync by tag'],
    ['UART transmitter', 'cbb_uart_tx by function'],
    ['uart rx', 'cbb_uart_rx by tag'],
    ['edge detector', 'cbb_edge_detect by function'],
    ['bit synchronizer', 'cbb_sync_bit by tag'],
    ['debouncer', 'cbb_debounce by tag'],
    ['  counter ', 'cbb_counter by tag'],
    ['clock-enable divider', 'cbb_clk_enable by function'],
    ['reset sync', 'cbb_reset_sync by tag'],
    ['loadable up counter', 'cbb_counter by words'],
    ['同步FIFO', 'cbb_fifo_sync by tag'],
    ['quantum FIFO', 'not_found'],
    ['', 'not_found'],
    ['the', 'not_found'],
    ['constructor', 'not_found'],
  ])('%s: %s', (text, expected) => {
    expect(found(text)).toBe(expected);
  });

  it('calls a tie ambiguous', () => {
    expect(found('UART')).toEqual(['cbb_uart_rx', 'cbb_uart_tx']);
  });

  it('lets a stronger rule decide alone', () => {
    const rival = like({
      cbb_id: 'cbb_rival',
      function: 'other',
      title: 'other',
      tags: ['synchronous fifo', 'cbb_fifo_sync'],
    });
    expect(found('synchronous FIFO', [...builtinCatalog, rival])).toBe('cbb_fifo_sync by function');
    expect(found('cbb_fifo_sync', [...builtinCatalog, rival])).toBe('cbb_fifo_sync by id');
    expect(found('sync fifo', [...builtinCatalog, rival])).toEqual(['cbb_fifo_sync', 'cbb_rival']);
  });

  it('counts the newest version of a package only', () => {
    const match = matchFunction('cbb_fifo_sync', [
      like({ version: '1.10.0' }),
      like({ version: '1.9.0' }),
      like({ version: '1.10.0-rc.1' }),
    ]);
    expect(match).toMatchObject({ status: 'found', manifest: { version: '1.10.0' } });
  });
});

it('compareVersions orders as Semantic Versioning does', () => {
  const ordered = ['0.9.9', '1.0.0-alpha', '1.0.0-alpha.1', '1.0.0', '1.0.10', '1.2.0', '10.0.0'];
  expect(ordered.toReversed().sort(compareVersions)).toEqual(ordered);
});
