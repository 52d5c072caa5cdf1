// Other tools' projects become project files: the same files in the same order, what cannot be read is said.
import { describe, expect, it } from 'vitest';
import { readProjectText } from '../read-project.ts';
import { empty, imported as from, messages } from './in-memory.ts';
import { projectText } from './project-text.ts';

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
