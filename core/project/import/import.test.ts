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

  it.each([
    ['|chip', 'chip'],
    ['work.chip', 'chip'],
    ['chip(rtl)', 'chip'],
    ['"a b"', null],
  ])('.qsf: the top %s is %s', async (given, top) => {
    const found = await from({
      'p.qsf': `set_global_assignment -name TOP_LEVEL_ENTITY ${given}\nset_global_assignment -name VERILOG_FILE c.v\n`,
      ...empty('c.v'),
    });
    expect(found.top).toBe(top);
    expect(messages(found).includes('give top yourself')).toBe(top === null);
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

  it('a variable that nobody set is the folder below which its files lie', async () => {
    const found = await from({
      'ip/core/sim/rtl.f': '$IP_ROOT/rtl/pkg.vhd\n${IP_ROOT}/rtl/core.vhd\n+incdir+$(IP_ROOT)/inc\n$PDK/cells.v\n',
      ...empty('ip/core/rtl/pkg.vhd', 'ip/core/rtl/core.vhd', 'ip/core/inc/a.svh'),
    });
    expect(found.variables).toEqual({ IP_ROOT: 'ip/core' });
    expect(messages(found)).toContain('IP_ROOT is taken for ip/core');
    expect(messages(found)).toContain('Nothing tells what the variable PDK means');
    expect(readProjectText(projectText(found, { lint: 'ghdl', sim: null }))).toMatchObject({
      ok: true,
      value: { variables: { IP_ROOT: 'ip/core' } },
    });
  });

  it('lists of parts do not stand for a library; one of them can be asked for', async () => {
    const texts = {
      'rtl/mux.f': 'mux.v\narb.v\n',
      'rtl/fifo.f': 'fifo.v\n',
      ...empty('rtl/mux.v', 'rtl/arb.v', 'rtl/fifo.v', 'rtl/a.v', 'rtl/b.v', 'rtl/c.v', 'rtl/d.v', 'rtl/e.v'),
    };
    const found = await from(texts);
    expect(found.rtl).toMatchObject({ files: ['rtl/**'], filelists: [] });
    expect(messages(found)).toContain('lists (rtl/fifo.f and 1 more) name 3 of 8 design files');
    expect((await from(texts, 'rtl/mux.f')).rtl.filelists).toEqual([{ file: 'rtl/mux.f', folder: 'rtl' }]);
  });

  it.each([
    ['Flist.soc', 'rtl/a.sv\nrtl/b.sv\n', true],
    ['files.txt', 'rtl/a.sv\nrtl/b.sv\n', true],
    ['rtl.lst', '// the design\nrtl/a.sv rtl/b.sv\n', true],
    ['compile_order.txt', 'work rtl/a.sv\nwork rtl/b.sv\n', false],
    ['notes.list', 'see rtl/a.sv for what it does\n', false],
  ])('%s is a list where its words are sources', async (name, text, isList) => {
    const found = await from({ [name]: text, ...empty('rtl/a.sv', 'rtl/b.sv') });
    expect(found.rtl.filelists.length === 1).toBe(isList);
    expect(found.from).toBe(isList ? name : null);
  });

  it('one list of the design and its benches gives both; variables are relative to where the list is read', async () => {
    const found = await from({
      'sim/run.f':
        '\ufeff+define+SIM\r\n+incdir+../rtl/inc\r\n$RTL_ROOT/a.sv\r\n$RTL_ROOT/b.sv\r\n"../tb/my tb.sv"\r\n../tb/tb_top.sv // last\r\n',
      ...empty('rtl/a.sv', 'rtl/b.sv', 'rtl/inc/d.svh', 'tb/my tb.sv', 'tb/tb_top.sv'),
    });
    expect(found).toMatchObject({
      rtl: { files: ['rtl/a.sv', 'rtl/b.sv'], filelists: [], include_dirs: ['rtl/inc'], defines: { SIM: null } },
      tb: { filelists: [{ file: 'sim/run.f', folder: 'sim' }] },
      variables: { RTL_ROOT: '../rtl' },
    });
  });

  it('lists of one design for several tools: the fullest stands for them, a variable of the others is not missed', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const paths = names.map((name) => `rtl/${name}.sv`);
    const found = await from({
      'flist.lint': paths.join('\n'),
      'flist.questa': `-y $TOOL_ROOT/sim_ver\n${paths.slice(0, 4).join('\n')}`,
      ...empty(...paths),
    });
    expect(found.rtl.filelists).toEqual([{ file: 'flist.lint', folder: '.' }]);
    expect(messages(found)).toContain('flist.questa names the same files and is left out');
    expect(messages(found)).not.toContain('TOOL_ROOT');
  });

  it('a list that names others from a folder of the run leads to those', async () => {
    const found = await from({
      'run/lists/sim.f': '-f ../lists/ip.f\n',
      'run/lists/ip.f': '-f ${CODE}/lists/core.f\n',
      'core/lists/core.f': '${CODE}/rtl/cfg.h\n${CODE}/rtl/a.v\n${CODE}/rtl/b.v\n',
      ...empty('core/rtl/cfg.h', 'core/rtl/a.v', 'core/rtl/b.v'),
    });
    expect(found.listed.toSorted()).toEqual(['core/rtl/a.v', 'core/rtl/b.v', 'core/rtl/cfg.h']);
    expect(messages(found)).toContain('CODE is taken for core');
  });

  it('examples are projects of their own, unless there is nothing else', async () => {
    const found = await from(empty('rtl/a.v', 'example/board/rtl/fpga.v', 'docs/x.vhd', 'tb/t.v'));
    expect([found.rtl.files, found.tb.files]).toEqual([['rtl/**'], ['tb/**']]);
    expect(messages(found)).toMatch(/^docs, example: .*\(2 files\)/);
    expect((await from(empty('demo/a.v'))).rtl.files).toEqual(['demo/**']);
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
