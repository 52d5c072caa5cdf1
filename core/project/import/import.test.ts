// Other tools' projects become project files: the same files in the same order, what cannot be read is said.
import { describe, expect, it } from 'vitest';
import { readProjectText } from '../read-project.ts';
import { holds } from './bender.ts';
import { words } from './fusesoc.ts';
import { importProject } from './index.ts';
import type { Imported } from './index.ts';
import { projectText } from './project-text.ts';

const from = async (texts: Record<string, string>, manifest: string | null = null): Promise<Imported> => {
  const found = await importProject(
    { files: Object.keys(texts).sort(), read: async (path) => texts[path] ?? null },
    manifest,
  );
  if (found === null) throw new Error('nothing was found');
  return found;
};
const empty = (...paths: string[]): Record<string, string> => Object.fromEntries(paths.map((path) => [path, '']));
const messages = ({ notes }: Imported): string => notes.map(({ message }) => message).join('\n');

describe('Bender', () => {
  it('packages come in its order: the deepest first, by name where nothing decides', async () => {
    const pack = (name: string, needs: string, files: string): string =>
      `package: { name: ${name} }\ndependencies: ${needs}\nsources: ${files}\n`;
    const found = await from({
      'Bender.yml': pack(
        'top',
        '{ zeta: { path: ip/zeta }, alpha: { git: x, version: 1.0.0 }, gone: { git: y } }',
        '[src/b.sv, src/a.sv]',
      ),
      'ip/zeta/Bender.yml': pack('zeta', '{ base: { git: z } }', '[z.sv]'),
      '.bender/git/checkouts/alpha-0123/Bender.yml': pack('alpha', '{}', '[a.sv]'),
      '.bender/git/checkouts/base-0123/Bender.yml': `${pack('base', '{}', '["rtl/**/*.sv"]')}export_include_dirs: [include]\n`,
      ...empty('src/a.sv', 'src/b.sv', 'ip/zeta/z.sv', '.bender/git/checkouts/alpha-0123/a.sv'),
      ...empty('.bender/git/checkouts/base-0123/rtl/x/one.sv', '.bender/git/checkouts/base-0123/rtl/two.sv'),
    });
    expect(found.rtl.files).toEqual([
      '.bender/git/checkouts/base-0123/rtl/two.sv',
      '.bender/git/checkouts/base-0123/rtl/x/one.sv',
      '.bender/git/checkouts/alpha-0123/a.sv',
      'ip/zeta/z.sv',
      'src/b.sv',
      'src/a.sv',
    ]);
    expect(found.rtl.include_dirs).toEqual(['.bender/git/checkouts/base-0123/include']);
    expect(messages(found)).toContain('gone is not in the workspace');
  });

  it('targets tell design from tests, nested groups and defines included', async () => {
    const found = await from({
      'Bender.yml': [
        'package: { name: t }',
        'sources:',
        '  - files: [a.sv, { target: "not(synthesis)", files: [sim_model.sv] }]',
        '    include_dirs: [inc]',
        '    defines: { W: 8, ASIC: ~ }',
        '  - { target: "any(test, simulation)", files: [tb.sv], defines: [TB] }',
        '  - { target: "all(fpga, xilinx)", files: [fpga.sv] }',
      ].join('\n'),
      ...empty('a.sv', 'sim_model.sv', 'tb.sv', 'fpga.sv'),
    });
    expect(found.rtl).toMatchObject({
      files: ['a.sv', 'sim_model.sv'],
      include_dirs: ['inc'],
      defines: { W: '8', ASIC: null },
    });
    expect(found.tb).toMatchObject({ files: ['tb.sv'], defines: { TB: null } });
    expect(holds('all(not(a), any(b, *))', new Set())).toBe(true);
  });
});

describe('FuseSoC', () => {
  const core = (name: string, rest: string): string => `CAPI=2:\nname: ${name}\n${rest}`;
  it('cores come behind what they depend on, file sets as the target names them', async () => {
    const found = await from({
      'soc.core': core(
        'a:b:soc:1.0',
        [
          'filesets:',
          '  rtl: { files: [rtl/z.sv, rtl/a.sv, {rtl/defs.svh: {is_include_file: true}}], file_type: systemVerilogSource, depend: [">=a:ip:fifo:1.0", a:prim:ram, a:gone:x] }',
          '  wave: { files: [w.tcl], file_type: tclSource }',
          '  tb: { files: [dv/tb.sv], file_type: systemVerilogSource }',
          'parameters: { W: { datatype: int, paramtype: vlogdefine, default: 4 }, D: { datatype: int, paramtype: vlogparam, default: 1 } }',
          'targets:',
          '  default: &d { filesets: [wave, "!tool_x ? (rtl)"], toplevel: soc, parameters: [W, D] }',
          '  sim: { <<: *d, filesets: [rtl, tb], toplevel: tb }',
        ].join('\n'),
      ),
      'ip/fifo.core': core(
        'a:ip:fifo:1.2',
        'filesets: { rtl: { files: [f.v], file_type: verilogSource, depend: [a:ip:util] } }',
      ),
      'ip/util.core': core('a:ip:util:1', 'filesets: { rtl: { files: [u.v], file_type: verilogSource } }'),
      'ip/ram.core': core(
        'a:prim_generic:ram:1',
        'virtual: [a:prim:ram]\nfilesets: { rtl: { files: [ram.vhd], file_type: vhdlSource-2008, logical_name: prims } }',
      ),
      ...empty('rtl/z.sv', 'rtl/a.sv', 'rtl/defs.svh', 'dv/tb.sv', 'ip/f.v', 'ip/u.v', 'ip/ram.vhd', 'w.tcl'),
    });
    expect(found.rtl.files).toEqual(['ip/u.v', 'ip/f.v', 'ip/ram.vhd', 'rtl/z.sv', 'rtl/a.sv']);
    expect(found.rtl).toMatchObject({
      include_dirs: ['rtl'],
      defines: { W: '4' },
      libraries: { prims: ['ip/ram.vhd'] },
    });
    expect(found.tb.files).toEqual(['dv/tb.sv']);
    expect(found.top).toBe('soc');
    expect(messages(found)).toContain('a:gone:x');
    expect(words('a !x ? (b c) y ? (d)', new Set(['x']))).toEqual(['a']);
  });
});

describe('Vivado and Quartus', () => {
  it('.xpr: sets, libraries, switched-off files, top, macros', async () => {
    const file = (path: string, more = ''): string =>
      `<File Path="${path}"><FileInfo><Attr Name="UsedIn" Val="synthesis"/>${more}</FileInfo></File>`;
    const found = await from({
      'p.xpr': `<?xml version="1.0"?><Project><FileSets Version="1">
        <FileSet Name="sources_1" Type="DesignSrcs">${file('$PSRCDIR/sources_1/new/top.v')}${file('$PPRDIR/rtl/p.vhd', '<Attr Name="Library" Val="lib_p"/>')}${file('$PPRDIR/rtl/off.v', '<Attr Name="AutoDisabled" Val="1"/>')}
        <Config><Option Name="TopModule" Val="top"/><Option Name="VerilogDir" Val="$PPRDIR/inc"/><Option Name="VerilogDefine" Val="A=1 B"/></Config></FileSet>
        <FileSet Name="sim_1" Type="SimulationSrcs">${file('$PSRCDIR/sim_1/tb.v')}</FileSet></FileSets></Project>`,
      ...empty('p.srcs/sources_1/new/top.v', 'rtl/p.vhd', 'rtl/off.v', 'p.srcs/sim_1/tb.v'),
    });
    expect(found).toMatchObject({
      top: 'top',
      rtl: {
        files: ['p.srcs/sources_1/new/top.v', 'rtl/p.vhd'],
        include_dirs: ['inc'],
        defines: { A: '1', B: null },
        libraries: { lib_p: ['rtl/p.vhd'] },
      },
      tb: { files: ['p.srcs/sim_1/tb.v'] },
    });
  });

  it('.qsf: sources, .qip beside them, search path, macros, test benches', async () => {
    const set = (name: string, value: string): string => `set_global_assignment -name ${name} ${value}\n`;
    const found = await from({
      'q/p.qsf':
        set('TOP_LEVEL_ENTITY', 'chip') +
        set('SYSTEMVERILOG_FILE', '"../rtl/a b.sv"') +
        set('VHDL_FILE', '../rtl/x.vhd -library Lib') +
        set('SEARCH_PATH', '../inc') +
        set('VERILOG_MACRO', '"W=8"') +
        set('QIP_FILE', 'ip/pll.qip') +
        set('EDA_TEST_BENCH_FILE', '../tb/t.v -section_id t') +
        set('VERILOG_FILE', '../rtl/missing.v'),
      'q/ip/pll.qip':
        'set_global_assignment -library "pll" -name VERILOG_FILE [file join $::quartus(qip_path) "pll/pll.v"]\n',
      ...empty('rtl/a b.sv', 'rtl/x.vhd', 'tb/t.v', 'q/ip/pll/pll.v'),
    });
    expect(found).toMatchObject({
      top: 'chip',
      rtl: {
        files: ['rtl/a b.sv', 'rtl/x.vhd', 'q/ip/pll/pll.v'],
        include_dirs: ['inc'],
        defines: { W: '8' },
        libraries: { lib: ['rtl/x.vhd'] },
      },
      tb: { files: ['tb/t.v'] },
    });
    expect(messages(found)).toContain('rtl/missing.v');
  });
});

describe('without a manifest', () => {
  it('file lists that no other list names, with the folder that they were written for', async () => {
    const found = await from({
      'scripts/rtl.f': '-F sub.f\n../rtl/a.sv\n',
      'scripts/sub.f': '../rtl/b.sv\n',
      'sim/tb.f': 'dv/tb.sv\n',
      ...empty('rtl/a.sv', 'rtl/b.sv', 'dv/tb.sv'),
    });
    expect(found.rtl.filelists).toEqual([{ file: 'scripts/rtl.f', folder: 'scripts' }]);
    expect(found.tb.filelists).toEqual([{ file: 'sim/tb.f', folder: '.' }]);
  });

  it('folders, tests apart, generated files left out', async () => {
    const found = await from(
      empty('hdl/core/a.v', 'hdl/tb_a.v', 'hdl/b.v', 'verif/x/t.sv', 'build/netlist.v', 'c.vhd', 'doc/x.md'),
    );
    expect(found.rtl.files).toEqual(['c.vhd', 'hdl/b.v', 'hdl/core/**']);
    expect(found.tb.files).toEqual(['hdl/tb_a.v', 'verif/**']);
  });
});

it('what is written reads back as the same', async () => {
  const found = await from({
    'Bender.yml':
      'package: { name: t }\nsources: [{ files: ["a b.sv"], defines: { W: "8", X: ~ }, include_dirs: [inc] }]',
    ...empty('a b.sv'),
  });
  const read = readProjectText(projectText(found, { lint: 'verilator', sim: null }));
  expect(read).toMatchObject({
    ok: true,
    value: {
      rtl: { files: ['a b.sv'], defines: { W: '8', X: null }, include_dirs: ['inc'] },
      checks: [{ lint: 'verilator' }],
    },
  });
});
