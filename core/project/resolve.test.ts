// The resolver's rules: which files, in which order, with which include folders, libraries and tops.
import { describe, expect, it } from 'vitest';
import { projectOf } from './in-memory.ts';

const rtl = (texts: Record<string, string>, config: Parameters<typeof projectOf>[1] = null): string[] =>
  projectOf(texts, config).rtl.sources.map(({ path }) => path);

describe('order', () => {
  it('puts packages before their users, through several steps', () => {
    expect(
      rtl({
        'src/a.sv': 'module a import mid_pkg::*; (); endmodule',
        'src/mid_pkg.sv': 'package automatic mid_pkg; localparam int W = z_pkg::W; endpackage',
        'src/z_pkg.sv': 'package z_pkg;\nlocalparam int W = 8;\nendpackage',
      }),
    ).toEqual(['src/z_pkg.sv', 'src/mid_pkg.sv', 'src/a.sv']);
  });

  it('sees a package that a header of the file uses', () => {
    expect(
      rtl({
        'src/a.sv': '`include "a.svh"\nmodule a; endmodule',
        'src/a.svh': 'import p::*;',
        'src/p.sv': 'package p; endpackage',
      }),
    ).toEqual(['src/p.sv', 'src/a.sv']);
  });

  it('is not misled by comments and strings', () => {
    expect(
      rtl({
        'src/a.sv': '// import b_pkg::*;\n/* b_pkg:: */ initial $display("b_pkg::x \\" `include");',
        'src/b.sv': 'package b_pkg; endpackage',
      }),
    ).toEqual(['src/a.sv', 'src/b.sv']);
  });

  it('puts files of macros before the files that use them', () => {
    expect(
      rtl({
        'src/a_core.v': 'module a_core(input [`WIDTH-1:0] d); endmodule',
        'src/b.v': '`ifdef FAST\n`endif\nmodule b; endmodule',
        'src/defines.v': '`ifndef DEFINES_V\n`define DEFINES_V\n`define WIDTH `BYTES*8\n`define FAST\n`endif',
        'src/z_bytes.v': '`define BYTES 2',
      }),
    ).toEqual(['src/z_bytes.v', 'src/defines.v', 'src/a_core.v', 'src/b.v']);
  });

  it('compiles a header of macros that nobody includes before those that use them, and no part of a file', () => {
    const texts = {
      'src/a.v': 'module a; wire [`W-1:0] x = `OWN; endmodule',
      'src/inc/cfg.h': '`ifndef CFG\n`define CFG\n`define W 8\n`endif\n',
      'src/tasks.vh': '`define OWN 1\ntask t; endtask\n',
    };
    expect(rtl(texts)).toEqual(['src/inc/cfg.h', 'src/a.v']);
    expect(projectOf(texts).notes).toMatchObject([{ severity: 'info', code: 'MACRO_HEADER', file: 'src/inc/cfg.h' }]);
    // defined by the project, or included where it is needed
    expect(rtl(texts, { rtl: { files: ['src/**'], defines: { W: '8' } } })).toEqual(['src/a.v']);
    expect(rtl({ ...texts, 'src/a.v': `\`include "inc/cfg.h"\n${texts['src/a.v']}` })).toEqual(['src/a.v']);
  });

  it('names headers that define one macro where nothing tells which is meant', () => {
    const texts = {
      'src/a.v': 'module a; wire [`W-1:0] x; endmodule',
      'src/small/cfg.vh': '`define W 8\n',
      'src/large/cfg.vh': '`define W 64\n',
    };
    expect(rtl(texts)).toEqual(['src/a.v']);
    expect(projectOf(texts).notes).toMatchObject([
      {
        severity: 'warning',
        code: 'MACRO_HEADERS',
        message: expect.stringContaining('src/large/cfg.vh and src/small/cfg.vh'),
      },
    ]);
  });

  it('prefers the file that defines a macro itself; one that includes the definition will do', () => {
    const user = 'module u(input [`W:0] a); endmodule';
    expect(rtl({ 'src/a.v': user, 'src/m.v': '`include "w.vh"', 'src/w.vh': '`define W 1' })).toEqual([
      'src/m.v',
      'src/a.v',
    ]);
    expect(
      rtl({ 'src/a.v': user, 'src/m.v': '`include "w.vh"', 'src/w.vh': '`define W 1', 'src/z.v': '`define W 2' }),
    ).toEqual(['src/z.v', 'src/a.v', 'src/m.v']);
  });

  it('leaves a file alone that has what it needs, and settings of a bench where they are', () => {
    expect(
      rtl({
        'src/a.v': '`include "w.vh"\nmodule a(input [`W:0] d); endmodule\n`ifdef DEBUG\n`endif',
        'src/w.vh': '`define W 1',
        'src/z.v': '`define W 2\n`define DEBUG\nmodule z; endmodule',
      }),
    ).toEqual(['src/a.v', 'src/z.v']);
  });

  it('keeps the order of files that are named one by one, and puts others where they are needed', () => {
    const texts = {
      'rtl/a.sv': 'module a; endmodule',
      'rtl/b.sv': 'module b import p::*; (); endmodule',
      'rtl/p.sv': 'package p; endpackage',
      'rtl/z.sv': 'module z; endmodule',
    };
    expect(rtl(texts, { rtl: { files: ['rtl/z.sv', 'rtl/b.sv', 'rtl/a.sv', 'rtl/*.sv'] } })).toEqual([
      'rtl/z.sv',
      'rtl/p.sv',
      'rtl/b.sv',
      'rtl/a.sv',
    ]);
  });

  it('ends on cycles and on long chains', () => {
    expect(
      rtl({ 'src/a.sv': 'package pa; x = pb::y; endpackage', 'src/b.sv': 'package pb; y = pa::x; endpackage' }),
    ).toHaveLength(2);
    const chain = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, i) => [`src/p${i}.sv`, `package p${i}; x = p${i + 1}::x; endpackage`]),
    );
    expect(rtl(chain)[0]).toBe('src/p4999.sv');
  });

  it('survives unended comments and strings', () => {
    expect(
      rtl({ 'src/a.v': '/* ', 'src/b.v': '"', 'src/c.v': '`include "', 'src/d.v': `${'"\\'.repeat(50_000)}` }),
    ).toHaveLength(4);
  });
});

describe('includes', () => {
  it('lie beside the file, or in a folder that their path begins from', () => {
    const project = projectOf({
      'src/include/common_cells/registers.svh': '`include "common_cells/base.svh"',
      'src/include/common_cells/base.svh': '',
      'src/rtl/inc/defs.h': '',
      'src/rtl/top.sv': '`include "common_cells/registers.svh"\n`include "inc/defs.h"\n`include "../../shared/w.inc"',
      'src/deep/er/x.sv': '`include "../lib/y.def"',
      'src/lib/y.def': '',
    });
    expect(project.includeDirs).toEqual(['src/deep', 'src/include']);
    expect(project.includes.map(({ name, path }) => [name, path])).toEqual([
      ['../lib/y.def', 'src/lib/y.def'],
      ['common_cells/registers.svh', 'src/include/common_cells/registers.svh'],
      ['inc/defs.h', 'src/rtl/inc/defs.h'],
      ['../../shared/w.inc', null],
      ['common_cells/base.svh', 'src/include/common_cells/base.svh'],
    ]);
  });

  it('of sources take those out of the compile order, wherever they are included from', () => {
    const project = projectOf({
      'src/defs.v': '`define W 8',
      'src/top.v': '`include "defs.v"\n// `include "other.v"\nmodule top; endmodule',
      'src/other.v': '',
      'tb/t.v': '`include "../src/top.v"',
    });
    expect(project.rtl.sources.map(({ path }) => path)).toEqual(['src/other.v']);
    expect(project.tb.sources.map(({ path }) => path)).toEqual(['tb/t.v']);
  });

  it('of one name: each file means the one beside it; where tools may differ both are named', () => {
    const beside = {
      'src/a/cfg.svh': '',
      'src/a/ma.sv': '`include "cfg.svh"',
      'src/b/cfg.svh': '',
      'src/b/mb.sv': '`include "cfg.svh"',
    };
    expect(projectOf(beside)).toMatchObject({ includeDirs: [], notes: [] });
    const mixed = projectOf({ ...beside, 'src/top.sv': '`include "cfg.svh"' });
    expect(mixed.includeDirs).toEqual(['src/a']);
    expect(mixed.notes).toHaveLength(2);
    for (const { message, code } of mixed.notes) {
      expect(code).toBe('INCLUDE_AMBIGUOUS');
      expect(message).toMatch(/src\/a\/cfg\.svh or src\/b\/cfg\.svh|src\/b\/cfg\.svh or src\/a\/cfg\.svh/);
    }
  });

  it('takes the nearest of several candidates', () => {
    const project = projectOf({
      'src/a/include/x.svh': '',
      'src/b/include/x.svh': '',
      'src/b/rtl/top.sv': '`include "x.svh"',
    });
    expect(project.includes[0]?.path).toBe('src/b/include/x.svh');
    expect(project.notes[0]?.message).toContain('src/a/include/x.svh');
  });

  it('of folders with headers that nobody includes yet are there for the next file', () => {
    expect(projectOf({ 'src/inc/new.svh': '', 'src/top.sv': '' }).includeDirs).toEqual(['src/inc']);
  });
});

describe('file sets', () => {
  const texts = {
    'ip/a.sv': 'module a; endmodule',
    'ip/a_tb.sv': 'module a_tb; a u(); endmodule',
    'ip/old/b.sv': '',
    'ip/readme.md': '',
  };

  it('take what their globs name; `!` takes out; the testbench wins what both name', () => {
    const project = projectOf(texts, { rtl: { files: ['ip/**', '!ip/old/**'] }, tb: { files: ['ip/*_tb.sv'] } });
    expect(project.rtl.sources.map(({ path }) => path)).toEqual(['ip/a.sv']);
    expect(project.tb.sources.map(({ path }) => path)).toEqual(['ip/a_tb.sv']);
    expect(project).toMatchObject({ top: 'a', benches: [{ name: 'a_tb', file: 'ip/a_tb.sv' }], notes: [] });
  });

  it('say which entry finds nothing', () => {
    expect(projectOf(texts, { rtl: { files: ['rtl/**/*.sv'] } }).notes[0]).toMatchObject({
      severity: 'warning',
      code: 'SOURCE_MISSING',
      message: expect.stringContaining('rtl/**/*.sv') as string,
    });
  });
});

describe('VHDL', () => {
  const vhdl = {
    'src/a_top.vhd':
      'library ieee; use ieee.std_logic_1164.all; use work.types.all;\nentity top is port (a : in byte); end;',
    'src/b_arch.vhd': 'architecture rtl of top is begin u : entity work.leaf port map (a => a); end;',
    'src/leaf.vhd':
      'use work.types.all; entity leaf is port (a : in byte); end; architecture rtl of leaf is begin end;',
    'src/types_body.vhd': 'package body types is end;',
    'src/types.vhd': '-- package nothing is\npackage types is subtype byte is integer range 0 to 255; end;',
    'tb/tb_top.vhdl':
      'entity tb_top is end entity; architecture sim of tb_top is begin dut : entity work.top port map (a => 1); end;',
  };

  it('is analysed in the order of its units', () => {
    const project = projectOf(vhdl);
    expect(project.rtl.sources.map(({ path }) => path)).toEqual([
      'src/types.vhd',
      'src/a_top.vhd',
      'src/leaf.vhd',
      'src/b_arch.vhd',
      'src/types_body.vhd',
    ]);
    expect(project).toMatchObject({ top: 'top', benches: [{ name: 'tb_top' }] });
  });

  it('goes into the libraries that its clauses name, with what those files call work', () => {
    const project = projectOf({
      'src/common/fifo.vhd':
        'entity fifo is port (c : in bit); end; architecture a of fifo is begin s : entity work.sync port map (c); end;',
      'src/common/sync.vhd': 'entity sync is port (c : in bit); end;',
      'src/top.vhd':
        'library common; entity top is port (c : in bit); end; architecture a of top is begin f : entity common.fifo port map (c); end;',
    });
    expect(project.rtl.sources.map(({ path, library }) => `${library}:${path}`)).toEqual([
      'common:src/common/sync.vhd',
      'common:src/common/fifo.vhd',
      'work:src/top.vhd',
    ]);
    expect(project.top).toBe('top');
    expect(project.notes).toMatchObject([{ severity: 'info', code: 'LIBRARY_INFERRED' }]);
  });

  it('takes who calls work what lies in one library only into that library', () => {
    const project = projectOf(
      {
        'axi/axi_pkg.vhd': 'package axi_pkg is end;',
        'axi/axi_fifo.vhd': 'use work.axi_pkg.all; entity axi_fifo is port (c : in bit); end;',
        'axi/axi_cdc.vhd':
          'entity axi_cdc is port (c : in bit); end; architecture a of axi_cdc is begin f : entity work.axi_fifo port map (c); end;',
        'top/top.vhd': 'library axi; use axi.axi_pkg.all; use work.own.all; entity top is port (c : in bit); end;',
        'top/own.vhd': 'package own is end;',
      },
      { rtl: { files: ['**/*.vhd'] } },
    );
    expect(Object.fromEntries(project.rtl.sources.map(({ path, library }) => [path, library]))).toEqual({
      'axi/axi_pkg.vhd': 'axi',
      'axi/axi_fifo.vhd': 'axi',
      'axi/axi_cdc.vhd': 'axi',
      'top/top.vhd': 'work',
      'top/own.vhd': 'work',
    });
  });

  it('takes the entities of the components that a package of a library declares into it', () => {
    const project = projectOf({
      'src/pkg.vhd': 'package pkg is component ram is port (c : in bit); end component; end;',
      'src/ram.vhd': 'library core; use core.pkg.all; entity ram is port (c : in bit); end;',
      'src/top.vhd':
        'library core; use core.pkg.all; entity top is port (c : in bit); end; architecture a of top is component own is port (c : in bit); end component; begin r : ram port map (c); o : own port map (c); end;',
      'src/own.vhd': 'entity own is port (c : in bit); end;',
    });
    expect(Object.fromEntries(project.rtl.sources.map(({ path, library }) => [path, library]))).toEqual({
      'src/pkg.vhd': 'core',
      'src/ram.vhd': 'core',
      'src/top.vhd': 'work',
      'src/own.vhd': 'work',
    });
  });

  it('and Verilog meet in one hierarchy', () => {
    const project = projectOf({
      'src/leaf.v': 'module Leaf(input a); endmodule',
      'src/mid.vhd':
        'entity mid is port (a : in bit); end; architecture r of mid is component leaf port (a : in bit); end component; begin u : leaf port map (a); end;',
      'src/top.sv': 'module top; MID u(.a(1)); endmodule',
    });
    expect(project.tops.map(({ name }) => name)).toEqual(['top']);
  });
});

describe('tops and benches', () => {
  it.each([
    'bind dut chk #(.W(8)) u_chk (.clk(clk));',
    'bind dut : u_a, top.u_b chk u_chk (.clk(clk)); // chk is no top',
    'bind dut.u_in[0] /* there */ chk u_chk (.*);',
    'module binder; bind dut chk u_chk (.clk(clk)); dut u (); endmodule',
  ])('what is bound into a module stands in it: %s', (bind) => {
    const project = projectOf({
      'src/chk.sv': 'module chk #(parameter W = 1) (input clk); endmodule',
      'src/dut.sv': 'module dut; wire clk; endmodule',
      'src/bind.sv': bind,
    });
    expect(project.tops.map(({ name }) => name)).toEqual([bind.startsWith('module') ? 'binder' : 'dut']);
  });

  it('a module that imports packages in its header has its ports', () => {
    const project = projectOf({
      'src/p.sv': 'package p; localparam W = 8; endpackage',
      'tb/agent.sv': 'module agent import p::*, q::x; #(parameter N = $bits(")(")) (input clk); endmodule',
      'tb/tb.sv': 'module tb; initial $finish; endmodule',
    });
    expect(project.benches.map(({ name }) => name)).toEqual(['tb']);
    expect(project.helpers.map(({ name }) => name)).toEqual(['agent']);
  });
});

describe('libraries of tools', () => {
  const list = (more: object) => ({
    rtl: {
      sources: [{ path: 'rtl/top.v', library: null, list: 'r.f', line: 1 }],
      includeDirs: [],
      defines: {},
      libraryDirs: [],
      libraryFiles: [],
      libraryExtensions: [],
      lists: ['r.f'],
      notes: [],
      ...more,
    },
  });
  const texts = {
    'rtl/top.v': 'module top; inv u(.a(1)); other o(); endmodule',
    'lib/inv.vlib': 'module inv(input a); buf2 u(); endmodule',
    'lib/buf2.vlib': 'module buf2; endmodule',
    'lib/nand2.vlib': 'module nand2; endmodule',
    'cells.v': 'module other; endmodule module unused; endmodule',
  };

  it('give the files of modules that are used, and no tops', () => {
    const project = projectOf(
      texts,
      { rtl: { filelists: ['r.f'] } },
      list({ libraryDirs: ['lib'], libraryFiles: ['cells.v'], libraryExtensions: ['.vlib'] }),
    );
    expect(project.rtl.sources.map(({ path }) => path)).toEqual([
      'rtl/top.v',
      'cells.v',
      'lib/buf2.vlib',
      'lib/inv.vlib',
    ]);
    expect(project.top).toBe('top');
  });
});
