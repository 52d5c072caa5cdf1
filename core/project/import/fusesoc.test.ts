// FuseSoC cores: the files and the order that FuseSoC 2 gives to the tools (its solver's: the longest chain below
// first, cores of one length by name).
import { describe, expect, it } from 'vitest';
import { compareVersions, neededCore, satisfies, words } from './fusesoc-cores.ts';
import { empty, imported, messages } from './in-memory.ts';

const core = (name: string, rest: string): string => `CAPI=2:\nname: ${name}\n${rest}`;
const leaf = (name: string, file: string, depend = '', more = ''): string =>
  core(
    name,
    `${more}filesets: { rtl: { files: [${file}], file_type: systemVerilogSource, depend: [${depend}] } }\ntargets: { default: { filesets: [rtl] } }\n`,
  );

describe('the order of cores', () => {
  it('those with the longest chain below them last, cores of one length by vendor, library and name', async () => {
    const found = await imported(
      {
        'top.core': core(
          'v:l:top:1.0',
          'filesets: { rtl: { files: [top.sv], file_type: systemVerilogSource, depend: [v:l:z, "a:l:long", v:l:b-c] } }\ntargets: { default: { filesets: [rtl], toplevel: top } }\n',
        ),
        'z.core': leaf('v:l:z:1', 'z.sv'),
        'bc.core': leaf('v:l:b-c:1', 'bc.sv'),
        'bb.core': leaf('v:l:bb:1', 'bb.sv'),
        'long.core': leaf('a:l:long:1', 'long.sv', 'v:l:bb'),
        ...empty('top.sv', 'z.sv', 'bc.sv', 'bb.sv', 'long.sv'),
      },
      'top.core',
    );
    // FuseSoC writes b-c as b__c, which stands before bb
    expect(found.rtl.files).toEqual(['bc.sv', 'bb.sv', 'z.sv', 'long.sv', 'top.sv']);
    expect(found.top).toBe('top');
  });

  it('cores that need each other do not hang it, and a missing one is named', async () => {
    const found = await imported(
      {
        'a.core': leaf('::a:1', 'a.sv', '::b, gone:x:y'),
        'b.core': leaf('::b:1', 'b.sv', '::a'),
        ...empty('a.sv', 'b.sv'),
      },
      'a.core',
    );
    expect([...found.rtl.files].sort()).toEqual(['a.sv', 'b.sv']);
    expect(messages(found)).toContain('gone:x:y is not in the workspace');
  });

  it('the newest version that everybody asks for', async () => {
    const found = await imported(
      {
        'top.core': leaf('::top:0', 'top.sv', '">=::ip:1.0", ::other, "::exact:1.2-r1"'),
        'other.core': leaf('::other:0', 'o.sv', '"<::ip:2.0"'),
        'ip9.core': leaf('::ip:1.9', 'ip9.sv'),
        'ip10.core': leaf('::ip:1.10', 'ip10.sv'),
        'ip2.core': leaf('::ip:2.0', 'ip2.sv'),
        'e.core': leaf('::exact:1.2', 'e.sv'),
        ...empty('top.sv', 'o.sv', 'ip9.sv', 'ip10.sv', 'ip2.sv', 'e.sv'),
      },
      'top.core',
    );
    expect(found.rtl.files).toEqual(['e.sv', 'ip10.sv', 'o.sv', 'top.sv']);
    expect(messages(found)).toContain('==::exact:1.2-r1 (there is 1.2)');
  });

  it('a virtual core is the one that is needed anyway, else a generic one', async () => {
    const virtual = (id: string): string => `virtual: [${id}]\n`;
    const texts = {
      'fast.core': leaf('x:fast:ram:1', 'fast.sv', '', virtual('p:p:ram')),
      'generic.core': leaf('x:generic:ram:1', 'generic.sv', '', virtual('p:p:ram')),
      'all.core': leaf('x:fast:all:1', 'all.sv', 'x:fast:ram'),
      ...empty('top.sv', 'fast.sv', 'generic.sv', 'all.sv'),
    };
    const alone = await imported({ ...texts, 'top.core': leaf('::top:0', 'top.sv', 'p:p:ram') }, 'top.core');
    expect(alone.rtl.files).toEqual(['generic.sv', 'top.sv']);
    const chosen = await imported(
      { ...texts, 'top.core': leaf('::top:0', 'top.sv', 'p:p:ram, x:fast:all') },
      'top.core',
    );
    expect(chosen.rtl.files).toEqual(['fast.sv', 'all.sv', 'top.sv']);
  });
});

describe('a core', () => {
  it('file sets as the target names them, headers, libraries, tests apart, macros of dependencies', async () => {
    const found = await imported({
      'soc.core': core(
        'a:b:soc:1.0',
        [
          'filesets:',
          '  rtl: { files: [rtl/z.sv, rtl/a.sv, {rtl/defs.svh: {is_include_file: true}}, {api/c.svh: {is_include_file: true, include_path: api}}], file_type: systemVerilogSource, depend: [">=a:ip:fifo:1.0", a:prim:ram] }',
          '  wave: { files: [w.tcl], file_type: tclSource }',
          '  tb: { files: [dv/tb.sv, {other.vhd: {file_type: vhdlSource-2008, logical_name: Lib}}], file_type: systemVerilogSource, depend: [a:dv:vip] }',
          'parameters: { W: { datatype: int, paramtype: vlogdefine, default: 4 }, D: { datatype: int, paramtype: vlogparam, default: 1 }, OFF: { datatype: bool, paramtype: vlogdefine } }',
          'targets:',
          '  default: &d { filesets: [wave, "!tool_x ? (rtl)"], toplevel: soc, parameters: [W, D, OFF, RVFI=true] }',
          '  sim: { <<: *d, filesets: [rtl, tb], toplevel: tb, filesets_append: [more] }',
        ].join('\n'),
      ),
      'ip/fifo.core': core(
        'a:ip:fifo:1.2',
        'filesets: { rtl: { files: [f.v], file_type: verilogSource } }\nparameters: { RVFI: { datatype: bool, paramtype: vlogdefine } }\ntargets: { default: { filesets: [rtl] } }',
      ),
      'ip/ram.core': core(
        'a:prim_generic:ram:1',
        'virtual: [a:prim:ram]\nfilesets: { rtl: { files: [ram.vhd], file_type: vhdlSource-2008, logical_name: prims } }\ntargets: { default: { filesets: [rtl] } }',
      ),
      'dv/vip.core': leaf('a:dv:vip:0', 'vip.sv'),
      ...empty('rtl/z.sv', 'rtl/a.sv', 'rtl/defs.svh', 'api/c.svh', 'dv/tb.sv', 'dv/vip.sv', 'other.vhd'),
      ...empty('ip/f.v', 'ip/ram.vhd', 'w.tcl'),
    });
    expect(found.rtl.files).toEqual(['ip/f.v', 'ip/ram.vhd', 'rtl/z.sv', 'rtl/a.sv']);
    expect(found.rtl).toMatchObject({ include_dirs: ['rtl', 'api'], libraries: { prims: ['ip/ram.vhd'] } });
    expect(found.rtl.defines).toEqual({ W: '4', RVFI: null });
    expect(found.tb.files).toEqual(['dv/vip.sv', 'dv/tb.sv', 'other.vhd']);
    expect(found.tb.libraries).toEqual({ lib: ['other.vhd'] });
    expect(found.top).toBe('soc');
  });

  it('flags of the target and its tool decide; without a target a dependency brings nothing', async () => {
    const found = await imported({
      'c.core': core(
        '::c:0',
        [
          'filesets:',
          '  a: { files: ["tool_icarus ? (ic.sv)", "tool_verilator ? (ve.sv)", "mine ? (m.sv) !mine ? (n.sv)", "level_hi ? (hi.sv)"], file_type: "systemVerilogSource", depend: [::bare] }',
          'targets: { default: { filesets: [a], default_tool: icarus, flags: { mine: true, level: hi } } }',
        ].join('\n'),
      ),
      'bare/bare.core': core('::bare:0', 'filesets: { a: { files: [bare.sv], file_type: systemVerilogSource } }'),
      ...empty('ic.sv', 've.sv', 'm.sv', 'n.sv', 'hi.sv', 'bare/bare.sv'),
    });
    expect(found.rtl.files).toEqual(['ic.sv', 'm.sv', 'hi.sv']);
  });

  it('generators are said as not run, folders with FUSESOC_IGNORE are not read', async () => {
    const found = await imported({
      'c.core': core(
        '::c:0',
        'filesets: { a: { files: [a.sv], file_type: systemVerilogSource, depend: [::old] } }\ngenerate: { regs: { generator: regtool } }\ntargets: { default: { filesets: [a], generate: [regs, { more: { x: 1 } }] } }',
      ),
      'old/old.core': leaf('::old:0', 'old.sv'),
      ...empty('a.sv', 'old/old.sv', 'old/FUSESOC_IGNORE'),
    });
    expect(found.rtl.files).toEqual(['a.sv']);
    expect(messages(found)).toMatch(/generators \(regs, more\), which are not run/);
    expect(messages(found)).toContain('old is not in the workspace');
  });
});

describe('names, versions, conditions', () => {
  it.each([
    ['>=a:b:c:1.0', { id: 'a:b:c', version: '1.0', relation: '>=' }],
    ['a:b:c', { id: 'a:b:c', version: '', relation: '' }],
    ['a:b:c:1.0-r2', { id: 'a:b:c', version: '1.0-r2', relation: '==' }],
    ['~a:b:c:1.2.3', { id: 'a:b:c', version: '1.2.3', relation: '~' }],
    ['old-core-1.0-r1', { id: '::old-core', version: '1.0-r1', relation: '==' }],
    ['i2c', { id: '::i2c', version: '', relation: '' }],
  ])('%s', (text, expected) => {
    expect(neededCore(text)).toEqual(expected);
  });

  it.each([
    ['1.10', '>=::x:1.9', true],
    ['1.9', '<::x:1.10', true],
    ['1.2.9', '~::x:1.2.3', true],
    ['1.3.0', '~::x:1.2.3', false],
    ['1.9', '^::x:1.2', true],
    ['2.0', '^::x:1.2', false],
    ['1.2-r1', '>::x:1.2', true],
    ['1.2', '=::x:1.2.0', true],
  ])('%s for %s: %j', (version, need, expected) => {
    expect(satisfies(version, neededCore(need))).toBe(expected);
    expect(compareVersions('1.0-r2', '1.0-r10')).toBeLessThan(0);
  });

  it.each([
    ['a !x ? (b c) y ? (d)', 'x', ['a']],
    ['a !x ? (b c) y ? (d)', 'y', ['a', 'b', 'c', 'd']],
    ['x ? (y ? (deep))', 'x y', ['deep']],
    ['!x?(tight)', '', ['tight']],
    ['with blank.sv', '', ['with blank.sv']],
  ])('%s with %j', (text, flags, expected) => {
    expect(words(text, new Set(flags.split(' ')))).toEqual(expected);
  });
});
