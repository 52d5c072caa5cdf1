// What patches may touch, as client and server judge it.
import { describe, expect, it } from 'vitest';
import { projectOf } from './in-memory.ts';
import { DEFAULT_RULES, editable, patchRuleFaults } from './patch-rules.ts';
import { patchRules } from './rules-of.ts';

const create = (path: string) => ({ path, before: null, after: 'x\n' });
const change = (path: string) => ({ path, before: 'x\n', after: 'y\n' });
const refused = (
  files: { path: string; before: string | null; after: string | null }[],
  rules = DEFAULT_RULES,
): string[] => patchRuleFaults(files, rules).map(({ path }) => path);

const TEXTS = { 'rtl/a.sv': '`include "d.svh"', 'rtl/inc/d.svh': '', 'ip/x/b.v': '', 'dv/tb.sv': '', 'doc/n.md': '' };

describe('rules', () => {
  it('without a project file are src/ and tb/', () => {
    expect(refused([create('src/a.sv'), change('tb/x/t.sv'), change('rtl/a.sv'), create('a.sv')])).toEqual([
      'rtl/a.sv',
      'a.sv',
    ]);
  });

  it('are the files of rtl and tb, and new sources beside those that are named one by one', () => {
    const rules = patchRules(
      projectOf(TEXTS, { rtl: { files: ['rtl/a.sv', 'ip/x/b.v'] }, tb: { files: ['dv/**/*.sv'] } }),
    );
    expect(
      refused(
        [change('rtl/a.sv'), create('rtl/new.sv'), change('rtl/inc/d.svh'), create('dv/deep/t.sv'), create('ip/x/c.v')],
        rules,
      ),
    ).toEqual([]);
    expect(
      refused([create('ip/y/c.v'), change('doc/n.md'), create('rtl/notes.txt'), create('dv/t.v.bak')], rules),
    ).toEqual(['ip/y/c.v', 'doc/n.md', 'rtl/notes.txt', 'dv/t.v.bak']);
  });

  it('are what the project says; read-only stands above', () => {
    const rules = patchRules(
      projectOf(TEXTS, { rtl: { files: ['rtl/**'] }, edit: ['rtl/**', 'dv/**'], read_only: ['rtl/inc/**'] }),
    );
    expect(
      refused([change('rtl/a.sv'), change('dv/x.sv'), change('rtl/inc/d.svh'), change('ip/x/b.v')], rules),
    ).toEqual(['rtl/inc/d.svh', 'ip/x/b.v']);
    expect(editable(rules)('ip/x/b.v')).toBe('only rtl/ and dv/ may be changed');
  });

  it.each([
    'genrtl.yaml',
    'src/genrtl.yaml',
    '.genrtlignore',
    'AGENTS.md',
    'src/AGENTS.md',
    'Makefile',
    'src/makefile',
    'src/GNUmakefile',
    'tb/run.mk',
    'src/run.sh',
    'tb/test.py',
    'src/x.tcl',
    'src/CMakeLists.txt',
    'src/ibex.core',
    'src/Bender.yml',
    'src/.gitignore',
    'src/.github/workflows/x.yml',
    'src/x.QSF',
  ])('never %s', (path) => {
    const all = { edit: ['**'], read_only: [], filelists: [] };
    expect(refused([create(path)], all)).toEqual([path]);
    expect(refused([change(path)], all)).toEqual([path]);
  });
});

describe('file lists', () => {
  const rules = { edit: ['rtl/**', 'scripts/**'], read_only: [], filelists: ['scripts/rtl.list'] };
  const list = (after: string, before: string | null = 'rtl/a.sv\n+incdir+rtl\n') => ({
    path: 'scripts/rtl.list',
    before,
    after,
  });

  it('may gain lines for files that the same patch creates', () => {
    expect(refused([create('rtl/b.sv'), list('rtl/a.sv\nrtl/b.sv\n+incdir+rtl\n')], rules)).toEqual([]);
    expect(refused([create('rtl/b.sv'), list('rtl/a.sv\n+incdir+rtl\n../rtl/b.sv\n')], rules)).toEqual([]);
  });

  it('may lose nothing, and gain nothing else', () => {
    for (const after of [
      'rtl/b.sv\n',
      'rtl/a.sv\n+incdir+rtl\nrtl/b.sv\n-f evil.f\n',
      'rtl/a.sv\n+incdir+rtl\n+define+PASS\n',
      'rtl/a.sv\n+incdir+rtl\nrtl/c.sv\n',
    ])
      expect(refused([create('rtl/b.sv'), list(after)], rules), after).toEqual(['scripts/rtl.list']);
    expect(refused([list('rtl/a.sv\n+incdir+rtl\nrtl/a.sv\n')], rules)).toEqual(['scripts/rtl.list']);
    expect(refused([create('rtl/new.f')], rules)).toEqual(['rtl/new.f']);
  });
});
