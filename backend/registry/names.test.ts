import { describe, expect, it } from 'vitest';
import { CBB_ID } from '@genrtl/contracts/patterns.ts';
import { looksAlike, scopeAlike, skeletonOf } from './names.ts';

describe('ids', () => {
  it.each(['cbb_fifo', '@acme/fifo', '@a/f', '@acme-ip/fifo_sync-2', `@${'a'.repeat(39)}/${'f'.repeat(60)}`])(
    '%s is one',
    (id) => expect(CBB_ID.test(id)).toBe(true),
  );
  it.each([
    ['capitals', '@Acme/fifo'],
    ['capitals in the name', '@acme/FIFO'],
    ['a Cyrillic а', '@аcme/fifo'],
    ['a Greek ο', '@acme/fifο'],
    ['full width', '@acme/ｆifo'],
    ['an invisible sign', '@acme/fi\u200bfo'],
    ['a dot', '@acme/fi.fo'],
    ['a way up', '@acme/..'],
    ['a way out', '@../fifo'],
    ['two levels', '@acme/fifo/x'],
    ['no name', '@acme/'],
    ['no scope', '@/fifo'],
    ['a line end', '@acme/fifo\n'],
    ['a scope that ends with a hyphen', '@acme-/fifo'],
    ['a scope without @', 'acme/fifo'],
    ['a name that begins with a digit', '@acme/2fifo'],
  ])('%s: none', (_, id) => expect(CBB_ID.test(id)).toBe(false));
});

it.each([
  ['acme', 'acrne'],
  ['acme', 'acne'],
  ['acme', 'acmee'],
  ['acme-ip', 'acmeip'],
  ['acme-ip', 'acme--ip'],
  ['silicon', 'si1icon'],
  ['silicon', 'sillcon'],
  ['silicon', 'silicno'],
  ['vvave', 'wave'],
  ['clock', 'dock'],
])('%s and %s look alike', (one, other) => {
  expect([looksAlike(one, other), looksAlike(other, one)]).toEqual([true, true]);
});

it.each([
  ['acme', 'bolt'],
  ['abc', 'abd'],
  ['uart', 'usrtx'],
  ['northbridge', 'southbridge'],
])('%s and %s are told apart', (one, other) => expect(looksAlike(one, other)).toBe(false));

it('what nobody may be', () => {
  expect(scopeAlike('genrtl', [])).toBe('genrtl');
  expect(scopeAlike('genrt1', [])).toBe('genrtl');
  expect(scopeAlike('off1cial', [])).toBe('official');
  expect(scopeAlike('acme', ['bolt'])).toBeNull();
});

it('the scope tells equal names apart, and is part of what is seen', () => {
  expect(skeletonOf('@acme/fifo')).not.toBe(skeletonOf('@bolt/fifo'));
  expect(skeletonOf('@acme/fifo')).not.toBe(skeletonOf('cbb_fifo'));
  expect(skeletonOf('@acme/fifo-sync')).toBe(skeletonOf('@acme/fif0_sync'));
});
