import { describe, expect, it } from 'vitest';
import type { CbbManifest } from '@genrtl/contracts';
import { buildFilelists, formatFilelist, orderSources, parseFilelist } from './index.ts';

function manifest(cbb_id: string, more: Partial<CbbManifest> = {}): CbbManifest {
  return {
    schema_version: 1,
    cbb_id,
    version: '1.0.0',
    title: '',
    function: '',
    description: '',
    tags: [],
    protocols: [],
    license: '',
    price_usd: '0.10',
    toplevel: cbb_id,
    parameters: [],
    ports: [],
    clock_domains: [],
    resets: [],
    filesets: { rtl: [`rtl/${cbb_id}.sv`], tb: [`tb/tb_${cbb_id}.sv`] },
    include_dirs: [],
    entrypoints: { top: cbb_id, tb: '', filelist: '' },
    dependencies: [],
    compatibility: { tools: [], notes: '' },
    verification: { tools: [], tests: 0, mutants: { killed: 0, total: 0 }, coverage: '' },
    ...more,
  };
}
const folder = (id: string): string => `.genRTL/vendor/cbb/${id}/1.0.0`;

describe('file lists', () => {
  it('packages in dependency order, then own sources; package benches stay out', () => {
    const packages = [
      {
        folder: folder('cbb_a'),
        manifest: manifest('cbb_a', {
          dependencies: [
            { cbb_id: 'cbb_z', range: '^1.0.0' },
            { cbb_id: 'cbb_missing', range: '*' },
          ],
          include_dirs: ['rtl/include', '.'],
        }),
      },
      { folder: folder('cbb_z'), manifest: manifest('cbb_z', { dependencies: [{ cbb_id: 'cbb_a', range: '*' }] }) },
    ];
    const lists = buildFilelists({
      packages,
      src: [
        { path: 'src/top.sv', text: '' },
        { path: 'src/a.v', text: '' },
        { path: 'src/inc/defs.svh', text: '' },
      ],
      tb: [
        { path: 'tb/t.sv', text: '' },
        { path: 'tb/inc/t.vh', text: '' },
      ],
    });
    expect(lists).toEqual({
      rtl: [`${folder('cbb_z')}/rtl/cbb_z.sv`, `${folder('cbb_a')}/rtl/cbb_a.sv`, 'src/a.v', 'src/top.sv'],
      tb: ['tb/t.sv'],
      includeDirs: [`${folder('cbb_a')}/rtl/include`, folder('cbb_a'), 'src/inc', 'tb/inc'],
    });
    expect(parseFilelist(formatFilelist(lists.rtl))).toEqual(lists.rtl);
  });
});

describe('source order', () => {
  const order = (files: Record<string, string>): string[] =>
    orderSources(Object.entries(files).map(([path, text]) => ({ path, text })));

  it('puts packages before their users, through several steps', () => {
    expect(
      order({
        'src/a.sv': 'module a import mid_pkg::*; (); endmodule',
        'src/mid_pkg.sv': 'package automatic mid_pkg; localparam int W = z_pkg::W; endpackage',
        'src/z_pkg.sv': 'package z_pkg;\nlocalparam int W = 8;\nendpackage',
      }),
    ).toEqual(['src/z_pkg.sv', 'src/mid_pkg.sv', 'src/a.sv']);
  });

  it('is not misled by comments and strings', () => {
    expect(
      order({
        'src/a.sv': '// import b_pkg::*;\n/* b_pkg:: */ initial $display("b_pkg::x \\" `include");',
        'src/b.sv': 'package b_pkg; endpackage',
      }),
    ).toEqual(['src/a.sv', 'src/b.sv']);
  });

  it('leaves out what another file includes', () => {
    const lists = buildFilelists({
      packages: [],
      src: [
        { path: 'src/defs.v', text: '`define W 8' },
        { path: 'src/top.v', text: '`include "defs.v"\n// `include "other.v"\nmodule top; endmodule' },
        { path: 'src/other.v', text: '' },
      ],
      tb: [{ path: 'tb/t.v', text: '`include "../src/top.v"' }],
    });
    expect(lists).toMatchObject({ rtl: ['src/other.v'], tb: ['tb/t.v'] });
  });

  it('ends on cycles and on long chains', () => {
    expect(order({ a: 'package pa; x = pb::y; endpackage', b: 'package pb; y = pa::x; endpackage' })).toHaveLength(2);
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [`p${i}`, `package p${i}; x = p${i + 1}::x; endpackage`]),
    );
    expect(order(chain)[0]).toBe('p19999');
  });

  it('survives unended comments and strings', () => {
    expect(order({ a: '/* ', b: '"', c: '`include "', d: `${'"\\'.repeat(50_000)}` })).toEqual(['a', 'b', 'c', 'd']);
  });
});
