import { describe, expect, test } from 'vitest';
import type { GitEntry } from '@genrtl/contracts/git.ts';
import { lineChanges } from './line-changes.ts';
import { marksOf } from './marks.ts';

const entry = (path: string, change: Partial<GitEntry>): GitEntry => ({
  path,
  kind: 'file',
  from: null,
  staged: null,
  unstaged: null,
  ...change,
});

describe('marks of the explorer', () => {
  const mark = marksOf([
    entry('rtl/core/alu.sv', { unstaged: 'modified' }),
    entry('rtl/core/new.sv', { staged: 'added', unstaged: 'modified' }),
    entry('rtl/old.sv', { staged: 'deleted' }),
    entry('doc', { kind: 'folder', unstaged: 'untracked' }),
    entry('tb/top.sv', { staged: 'modified' }),
  ]);
  test('name what happened to a file, and what is urgent below a folder', () => {
    expect(mark('rtl/core/alu.sv')).toEqual({ change: 'modified', inside: false, staged: false });
    expect(mark('rtl/core/new.sv')?.change).toBe('added');
    expect(mark('rtl')).toEqual({ change: 'modified', inside: true, staged: false });
    expect(mark('tb')).toEqual({ change: 'modified', inside: true, staged: true });
    expect(mark('rtl/core/mul.sv')).toBeNull();
  });
  test('all of a folder that git does not track is untracked', () => {
    expect(mark('doc/a/b.md')?.change).toBe('untracked');
    expect(mark('docs')).toBeNull();
    expect(marksOf([entry('', { kind: 'folder', unstaged: 'untracked' })])('any/file.v')?.change).toBe('untracked');
  });
});

describe('lines that differ from HEAD', () => {
  const of = (before: string, after: string): string[] =>
    lineChanges(before.split(''), after.split('')).map(({ kind, from, to }) => `${kind} ${from}-${to}`);
  test('are added, changed or removed', () => {
    expect(of('abc', 'abc')).toEqual([]);
    expect(of('abc', 'aXbc')).toEqual(['added 2-2']);
    expect(of('abc', 'ac')).toEqual(['removed 2-2']);
    expect(of('abc', 'ab')).toEqual(['removed 3-3']);
    expect(of('abc', 'aXYc')).toEqual(['changed 2-3']);
    expect(of('abcdef', 'XbcYef1')).toEqual(['changed 1-1', 'changed 4-4', 'added 7-7']);
    expect(of('', 'ab')).toEqual(['added 1-2']);
  });
  test('of texts without anything in common are one change', () => {
    const lines = (mark: string): string[] => Array.from({ length: 20_000 }, (_, at) => `${mark}${at}`);
    expect(lineChanges(['same', ...lines('a')], ['same', ...lines('b')])).toEqual([
      { kind: 'changed', from: 2, to: 20_001 },
    ]);
  });
});
