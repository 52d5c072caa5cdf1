import { describe, expect, it } from 'vitest';
import { anyGlob, globBase, globMatcher, wildcardMatcher } from './glob.ts';
import { hiddenFiles } from './ignore.ts';

describe('globs', () => {
  it.each([
    ['rtl/**/*.sv', ['rtl/a.sv', 'rtl/x/y/a.sv'], ['rtl/a.v', 'a.sv', 'rtlx/a.sv']],
    ['*.sv', ['a.sv'], ['x/a.sv', 'a.svh']],
    ['**/*.pem', ['a.pem', 'x/y/a.pem'], ['a.pem.txt']],
    ['rtl/**', ['rtl/a', 'rtl/x/a'], ['rtl', 'rtl2/a']],
    ['rtl', ['rtl', 'rtl/x/a.sv'], ['rtl2']],
    ['rtl/', ['rtl/a'], ['rtlx']],
    ['./rtl/*.v', ['rtl/a.v'], []],
    ['rtl/?[ab-d]x[!0-9].v', ['rtl/1axz.v', 'rtl/zcxa.v'], ['rtl/1ax1.v', 'rtl/axz.v', 'rtl/1exz.v']],
    ['{rtl,dv/{a,b}}/*.{sv,v}', ['rtl/x.v', 'dv/b/x.sv'], ['dv/x.sv', 'rtl/x.vh']],
    ['a/**/b/**/c', ['a/b/c', 'a/x/b/y/z/c'], ['a/c', 'b/c']],
    ['[x', ['[x'], ['x']],
    ['a\\*b', ['a*b'], ['aXb']],
  ])('%s', (pattern, yes, no) => {
    const matches = globMatcher(pattern);
    expect(yes.filter((path) => !matches(path))).toEqual([]);
    expect(no.filter(matches)).toEqual([]);
    expect(yes.every(anyGlob(['other', pattern]))).toBe(true);
  });

  it('of hostile projects end', () => {
    const evil = `${'*a'.repeat(100)}b`;
    expect(globMatcher(evil)('a'.repeat(5000))).toBe(false);
    expect(globMatcher('**/'.repeat(200) + 'x')('a/'.repeat(1000))).toBe(false);
    expect(globMatcher('{a,b}'.repeat(100))('c')).toBe(false);
  });

  it('say where they begin, and texts take stars only', () => {
    expect(globBase('build/out/**/*.xml')).toBe('build/out');
    expect(globBase('**/x')).toBe('');
    expect(wildcardMatcher('*a[1]*')('x a[1] y')).toBe(true);
    expect(wildcardMatcher('a*')('ba')).toBe(false);
  });
});

describe('what never leaves the machine', () => {
  it('are hidden patterns, .genrtlignore as git reads it, and keys in any case', () => {
    const hidden = hiddenFiles(['keys/**'], '# comment\n\nsecret\n/top.sv\nbuild/\n*.log\n!keep.log\nrtl/x/*.sv\r\n');
    for (const path of [
      'keys/a',
      'rtl/secret',
      'rtl/secret/a.sv',
      'top.sv',
      'x/build/a',
      'a/b.log',
      'rtl/x/a.sv',
      '.env',
      'a/.git/x',
      'site.pem',
      'id_rsa',
    ])
      expect(hidden(path), path).toBe(true);
    for (const path of ['rtl/top.sv', 'keep.log', 'rtl/x/y/a.sv', 'rtl/a.sv', 'rtl/secrets.sv'])
      expect(hidden(path), path).toBe(false);
  });
});
