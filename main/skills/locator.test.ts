import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { candidateFault, candidateFor, locateDb } from './locator.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'genrtl-db-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function enc(base: string, parts: readonly ('enc' | 'dat')[] = ['enc', 'dat']): string {
  const file = path.join(root, base);
  mkdirSync(path.dirname(file), { recursive: true });
  if (parts.includes('enc')) writeFileSync(`${file}.enc`, 'restoreDesign');
  if (parts.includes('dat')) mkdirSync(`${file}.enc.dat`);
  return file;
}
const find = (query: string, searchPaths = [root]) => locateDb({ query, forms: ['innovus_enc'], searchPaths });

describe('locateDb', () => {
  it('finds a pair by name anywhere below the search paths and selects nothing', async () => {
    const base = enc('p1/saved/cpu_route');
    const found = await find('cpu_route');
    expect(found.candidates.map((each) => each.files)).toEqual([{ enc: `${base}.enc`, enc_dat: `${base}.enc.dat` }]);
    expect(found.selected).toBeNull();
  });

  it('takes x, x.enc and x.enc.dat for the same database, as names and as paths', async () => {
    const base = enc('x');
    for (const query of ['x', 'x.enc', 'x.enc.dat', base, `${base}.enc`, `${base}.enc.dat`])
      expect((await find(query)).candidates).toHaveLength(1);
  });

  it('gives several candidates in the order of their paths, numbered from 1', async () => {
    for (const name of ['b/top', 'a/top', 'a/deep/top']) enc(name);
    const { candidates } = await find('top');
    expect(candidates.map((each) => [each.id, path.relative(root, each.files['enc'] ?? '')])).toEqual([
      [1, 'a/deep/top.enc'],
      [2, 'a/top.enc'],
      [3, 'b/top.enc'],
    ]);
    expect(await find('top')).toEqual(await find('top'));
  });

  it('says where it had to stop or could not look', async () => {
    enc('a/b/c/top');
    enc('d/top');
    const limited = (entries: number, depth: number) =>
      locateDb({ query: 'top', forms: ['innovus_enc'], searchPaths: [root], limits: { entries, depth } });
    expect((await limited(100, 100)).not_searched).toEqual([]);
    expect(await limited(100, 1)).toMatchObject({
      candidates: [{ name: 'top' }],
      not_searched: [{ path: path.join(root, 'a'), reason: 'its folders are more than 1 levels down' }],
    });
    expect((await limited(2, 100)).not_searched[0]?.reason).toContain('too many files');
  });

  it('finds what lies deep', async () => {
    enc(`${'d/'.repeat(30)}top`);
    expect(await find('top')).toMatchObject({ candidates: [{ name: 'top' }], not_searched: [] });
  });

  it('does not take a longer or shorter name', async () => {
    enc('cpu_route2');
    enc('my_cpu_route');
    expect((await find('cpu_route')).candidates).toEqual([]);
  });

  it.each([
    [['enc'], '.enc.dat does not exist'],
    [['dat'], '.enc does not exist'],
  ] as const)('explains an incomplete pair that has only %s', async (parts, reason) => {
    enc('half', parts);
    const found = await find('half');
    expect(found.candidates).toEqual([]);
    expect(found.incomplete[0]?.reason).toContain(reason);
  });

  it('explains a file where a folder must be', async () => {
    enc('odd', ['enc']);
    writeFileSync(path.join(root, 'odd.enc.dat'), '');
    expect((await find('odd')).incomplete[0]?.reason).toBe('odd.enc.dat is a file, not a directory');
  });

  it('counts a database that two links reach once', async () => {
    enc('real/cpu');
    mkdirSync(path.join(root, 'alias'));
    symlinkSync(path.join(root, 'real/cpu.enc'), path.join(root, 'alias/cpu.enc'));
    symlinkSync(path.join(root, 'real/cpu.enc.dat'), path.join(root, 'alias/cpu.enc.dat'));
    expect((await find('cpu')).candidates).toHaveLength(1);
  });

  it('does not follow linked folders, not even in a circle', async () => {
    enc('a/cpu');
    symlinkSync(root, path.join(root, 'a/circle'));
    expect((await find('cpu')).candidates).toHaveLength(1);
  });

  it('does not look inside databases', async () => {
    enc('outer');
    enc('outer.enc.dat/cpu');
    expect((await find('cpu')).candidates).toEqual([]);
  });

  it('knows the checkpoints of the other hosts', async () => {
    for (const name of ['c.il', 'c.v', 'c.sdc', 'c.mag', 'c.spice', 'c.tcldb'])
      writeFileSync(path.join(root, name), '');
    const found = await locateDb({
      query: 'c',
      forms: ['rtlil', 'verilog', 'netlist_sdc', 'magic_mag', 'spice', 'tcl_dict'],
      searchPaths: [root],
    });
    expect(found.candidates.map((each) => each.form).sort()).toEqual([
      'magic_mag',
      'netlist_sdc',
      'rtlil',
      'spice',
      'tcl_dict',
      'verilog',
    ]);
    expect(
      (await locateDb({ query: 'c.il', forms: ['rtlil', 'verilog'], searchPaths: [root] })).candidates.map(
        (each) => each.form,
      ),
    ).toEqual(['rtlil']);
  });
});

describe('a choice', () => {
  it('is a number or a path of a candidate and nothing else', async () => {
    enc('a/top');
    enc('b/top');
    const { candidates } = await find('top');
    expect(candidateFor('2', candidates, root)?.id).toBe(2);
    expect(candidateFor('b/top.enc', candidates, root)?.id).toBe(2);
    for (const wrong of ['0', '3', '', 'top', '1x']) expect(candidateFor(wrong, candidates, root)).toBeNull();
  });

  it('is looked at again before it is used', async () => {
    const base = enc('top');
    const { candidates } = await find('top');
    const [candidate] = candidates;
    if (!candidate) throw new Error('no candidate');
    expect(await candidateFault(candidate)).toBeNull();
    rmSync(`${base}.enc.dat`, { recursive: true });
    expect(await candidateFault(candidate)).toContain('top.enc.dat is not there any more');
  });
});
