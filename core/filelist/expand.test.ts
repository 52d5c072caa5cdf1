// Tools' file lists, with the meaning that the tools give them.
import { describe, expect, it } from 'vitest';
import { expandFilelists } from './expand.ts';
import type { ListRequest } from './expand.ts';
import { filelistWords } from './words.ts';

const expand = (
  files: Record<string, string>,
  lists: readonly (string | ListRequest)[],
  variables: Record<string, string> = {},
) =>
  expandFilelists(
    lists.map((list) => (typeof list === 'string' ? { path: list } : list)),
    {
      read: async (path) => files[path] ?? null,
      exists: async (path) =>
        files[path] !== undefined || Object.keys(files).some((file) => file.startsWith(`${path}/`)),
      variable: (name) => variables[name],
    },
  );
const paths = async (...given: Parameters<typeof expand>): Promise<string[]> =>
  (await expand(...given)).sources.map(({ path }) => path);

describe('words', () => {
  const words = (text: string, variables: Record<string, string> = {}): string[] =>
    filelistWords(text, (name) => variables[name]).map((word) => word.text);

  it('are free of comments, keep quotes together and join lines', () => {
    expect(words('a.v // no\n# b.v\n/* c.v\nd.v */ e.v rtl//f.v x#y.v')).toEqual(['a.v', 'e.v', 'rtl//f.v', 'x#y.v']);
    expect(words('"my designs/a b.v" c\\ d.v \'e $X\' \\\n+incdir+"i n"')).toEqual([
      'my designs/a b.v',
      'c d.v',
      'e $X',
      '+incdir+i n',
    ]);
  });

  it('keep the quote of a number, and no quote goes beyond its line', () => {
    expect(words("+define+W=8'h1F+S='a b'\nx.v\n-DN=4'd3 y.v\nit's.v\nz.v")).toEqual([
      "+define+W=8'h1F+S=a b",
      'x.v',
      "-DN=4'd3",
      'y.v',
      "it's.v",
      'z.v',
    ]);
  });

  it('have variables in every form replaced, and say which are not set', () => {
    expect(words('$A/x.v ${A}y.v $(B)/z.v "$A" $ $1', { A: 'ip', B: '/opt/b' })).toEqual([
      'ip/x.v',
      'ipy.v',
      '/opt/b/z.v',
      'ip',
      '$',
      '$1',
    ]);
    expect(filelistWords('a\n$NO/b.v', () => undefined)[1]).toMatchObject({ line: 2, unset: ['NO'] });
  });
});

describe('lists', () => {
  it('come back to the folder of the tool with -f, also from a list that is read with -F', async () => {
    const files = {
      'a/top.f': '-f more.f\n-F ../b/own.f',
      'sim/more.f': 'x.v',
      'b/own.f': 'y.v -f ../sim/back.f',
      'sim/back.f': 'z.v',
    };
    const list = await expand({ ...files, 'sim/x.v': '', 'b/y.v': '', 'sim/z.v': '' }, [
      { path: 'a/top.f', folder: 'sim' },
    ]);
    expect(list.sources.map(({ path }) => path)).toEqual(['sim/x.v', 'b/y.v', 'sim/z.v']);
    expect(list.notes).toEqual([]);
  });

  it('may be written on Windows', async () => {
    expect(await paths({ 'a.f': '+incdir+rtl\\inc\r\nrtl\\sub\\x.v\r\n', 'rtl/sub/x.v': '' }, ['a.f'])).toEqual([
      'rtl/sub/x.v',
    ]);
  });

  it('give files, include folders, defines and libraries, each once and in order', async () => {
    const list = await expand(
      {
        'a.f':
          '+incdir+inc+inc2 -I inc3 -Iinc +define+A=1+B -DC=x=y -D D -y lib -v cells.v +libext+.v+.sv -Y .vh\nb.v a.v b.v',
        'a.v': '',
        'b.v': '',
      },
      ['a.f'],
    );
    expect(list).toMatchObject({
      includeDirs: ['inc', 'inc2', 'inc3'],
      defines: { A: '1', B: null, C: 'x=y', D: null },
      libraryDirs: ['lib'],
      libraryFiles: ['cells.v'],
      libraryExtensions: ['.v', '.sv', '.vh'],
      notes: [],
    });
    expect(list.sources).toMatchObject([{ path: 'b.v', line: 2, list: 'a.f' }, { path: 'a.v' }]);
  });

  it('name others by -f (the tool’s folder) and -F (their own)', async () => {
    const files = {
      'top.f': '-f ip/f.f -F ip/F.f',
      'ip/f.f': 'x.v ip/y.v',
      'ip/F.f': 'y.v\n-f ../n.f',
      'n.f': 'z.v',
      'x.v': '',
      'ip/y.v': '',
      'z.v': '',
    };
    expect(await paths(files, ['top.f'])).toEqual(['x.v', 'ip/y.v', 'z.v']);
  });

  it('are read from the folder that the tool is started in', async () => {
    expect(
      await paths({ 'scripts/r.f': '../rtl/a.v', 'rtl/a.v': '' }, [{ path: 'scripts/r.f', folder: 'sim' }]),
    ).toEqual(['rtl/a.v']);
  });

  it('written for another folder are understood, which is said', async () => {
    const list = await expand({ 'scripts/r.f': '../rtl/a.v', 'rtl/a.v': '' }, ['scripts/r.f']);
    expect(list.sources).toMatchObject([{ path: 'rtl/a.v' }]);
    expect(list.notes).toMatchObject([{ severity: 'warning', code: 'FILELIST_BASE', file: 'scripts/r.f', line: 1 }]);
  });

  it('that name themselves, that are missing, and variables that are not set are errors with their line', async () => {
    const list = await expand({ 'a.f': '\n-f b.f', 'b.f': '-f a.f\n$NO/x.v\n-F none.f' }, ['a.f']);
    expect(list.notes.map(({ code, file, line }) => [code, file, line])).toEqual([
      ['FILELIST_LOOP', 'b.f', 1],
      ['FILELIST_VARIABLE', 'b.f', 2],
      ['FILELIST_UNREADABLE', 'b.f', 3],
    ]);
    expect(list.notes[0]?.message).toContain('a.f → b.f → a.f');
  });

  it('hold options of other meaning, which are passed over with what belongs to them', async () => {
    const list = await expand(
      {
        'a.f': '-sverilog -timescale 1ns/1ps -top tb +vcs+lic+wait -frobnicate value a.v -other b.v',
        'a.v': '',
        'b.v': '',
      },
      ['a.f'],
    );
    expect(list.sources.map(({ path }) => path)).toEqual(['a.v', 'b.v']);
    expect(list.notes.filter(({ severity }) => severity === 'warning').map(({ message }) => message)).toEqual([
      'The option +vcs+lic+wait is passed over.',
      'The option -frobnicate is passed over.',
      'The option -other is passed over.',
    ]);
  });

  it('name VHDL libraries', async () => {
    const list = await expand(
      { 'a.f': '-work Lib_A a.vhd\n-makelib out/lib_b b.vhd -endlib c.vhd', 'a.vhd': '', 'b.vhd': '', 'c.vhd': '' },
      ['a.f'],
    );
    expect(list.sources.map(({ path, library }) => [path, library])).toEqual([
      ['a.vhd', 'lib_a'],
      ['b.vhd', 'lib_b'],
      ['c.vhd', null],
    ]);
  });

  it('may name what lies outside', async () => {
    expect(await paths({ 'a.f': '../ip/x.v /opt/y.v', '../ip/x.v': '', '/opt/y.v': '' }, ['a.f'])).toEqual([
      '../ip/x.v',
      '/opt/y.v',
    ]);
  });
});
