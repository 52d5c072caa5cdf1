// Bender.yml: the files and the order of `bender script`, as its source and its outputs have them.
import { describe, expect, it } from 'vitest';
import { holds } from './bender-manifest.ts';
import { empty, imported, messages } from './in-memory.ts';

const pack = (name: string, needs: string, files: string, more = ''): string =>
  `package: { name: ${name} }\ndependencies: ${needs}\nsources: ${files}\n${more}`;
const checkout = (name: string): string => `.bender/git/checkouts/${name}-0123456789abcdef`;

describe('the order of packages', () => {
  it('the farthest from the root first, by name where nothing decides, the root last', async () => {
    const found = await imported({
      'Bender.yml': pack(
        'top',
        '{ zeta: { path: ip/zeta }, alpha: { git: x, version: 1.0.0 }, gone: { git: y } }',
        '[src/b.sv, src/a.sv]',
      ),
      'ip/zeta/Bender.yml': pack('zeta', '{ base: { git: z } }', '[z.sv]'),
      [`${checkout('alpha')}/Bender.yml`]: pack('alpha', '{}', '[a.sv]'),
      [`${checkout('base')}/Bender.yml`]: pack('base', '{}', '[b.sv]', 'export_include_dirs: [include]\n'),
      ...empty('src/a.sv', 'src/b.sv', 'ip/zeta/z.sv', `${checkout('alpha')}/a.sv`, `${checkout('base')}/b.sv`),
    });
    expect(found.rtl.files).toEqual([
      `${checkout('base')}/b.sv`,
      `${checkout('alpha')}/a.sv`,
      'ip/zeta/z.sv',
      'src/b.sv',
      'src/a.sv',
    ]);
    expect(found.rtl.include_dirs).toEqual([`${checkout('base')}/include`]);
    expect(messages(found)).toContain('gone is not in the workspace');
  });

  it('a dependency for other targets keeps its place in the order, and the lock tells of what is not there', async () => {
    const found = await imported({
      'Bender.yml': pack(
        'top',
        '{ a: { path: a }, b: { path: b }, hidden: { git: x }, vip: { path: vip, target: simulation } }',
        '[t.sv]',
      ),
      'Bender.lock': 'packages: { hidden: { dependencies: [mid] }, mid: { dependencies: [A] } }\n',
      'a/Bender.yml': pack('A', '{}', '[a.sv]'),
      // that vip needs b puts b before a's rank only through the lock: a lies two packages deep
      'b/Bender.yml': pack('b', '{}', '[b.sv]'),
      'vip/Bender.yml': pack('vip', '{ b: { path: ../b } }', '[{ target: simulation, files: [v.sv] }]'),
      ...empty('t.sv', 'a/a.sv', 'b/b.sv', 'vip/v.sv'),
    });
    expect(found.rtl.files).toEqual(['a/a.sv', 'b/b.sv', 't.sv']);
    expect(found.tb.files).toEqual(['vip/v.sv']);
  });

  it('packages that need each other do not hang it', async () => {
    const found = await imported({
      'Bender.yml': pack('top', '{ a: { path: a } }', '[t.sv]'),
      'a/Bender.yml': pack('a', '{ b: { path: ../b } }', '[a.sv]'),
      'b/Bender.yml': pack('b', '{ a: { path: ../a } }', '[b.sv]'),
      ...empty('t.sv', 'a/a.sv', 'b/b.sv'),
    });
    expect([...found.rtl.files].sort()).toEqual(['a/a.sv', 'b/b.sv', 't.sv']);
  });

  it('as Bender 0.32 prints it: a chain through a dependency for other targets, targets passed along it', async () => {
    const manifest = (name: string, needs: string): Record<string, string> => ({
      [`${name}/Bender.yml`]: pack(
        name,
        needs,
        `[${name}.sv, ${['fast', 'slow', 'never'].map((target) => `{ target: ${target}, files: [${name}_${target}.sv] }`).join(', ')}]`,
      ),
      ...empty(...['', '_fast', '_slow', '_never'].map((ending) => `${name}/${name}${ending}.sv`)),
    });
    const found = await imported({
      'Bender.yml': pack(
        'top',
        '{ z: { path: z }, b: { path: b, target: simulation }, c: { path: c }, m: { path: m, pass_targets: ' +
          '[fast, { target: rtl, pass: slow }, { target: sim, pass: never }] } }',
        '[t.sv]',
      ),
      ...manifest('z', '{ k: { path: ../k } }'),
      ...manifest('b', '{ k: { path: ../k }, l: { path: ../l } }'),
      ...manifest('m', '{ z: { path: ../z, target: slow, pass_targets: [fast] }, l: { path: ../l, target: never } }'),
      ...manifest('c', '{}'),
      ...manifest('k', '{ c: { path: ../c } }'),
      ...manifest('l', '{ k: { path: ../k } }'),
      ...empty('t.sv'),
    });
    expect(found.rtl.files).toEqual([
      'c/c.sv',
      'k/k.sv',
      'z/z.sv',
      'z/z_fast.sv',
      'm/m.sv',
      'm/m_fast.sv',
      'm/m_slow.sv',
      't.sv',
    ]);
  });

  it('Bender.local says where a package lies', async () => {
    const found = await imported({
      'Bender.yml': pack('top', '{ ip: { git: x, version: 1.0.0 } }', '[t.sv]'),
      'Bender.local': 'overrides: { ip: { path: my/ip } }\n',
      'my/ip/Bender.yml': pack('ip', '{}', '[mine.sv]'),
      [`${checkout('ip')}/Bender.yml`]: pack('ip', '{}', '[theirs.sv]'),
      ...empty('t.sv', 'my/ip/mine.sv', `${checkout('ip')}/theirs.sv`),
    });
    expect(found.rtl.files).toEqual(['my/ip/mine.sv', 't.sv']);
  });
});

describe('targets', () => {
  it.each([
    ['all(a, any(b, c), not(d))', 'a c', true],
    ['all(a, any(b, c), not(d))', 'a c d', false],
    ['any(test, simulation)', '', false],
    ['not(all(xilinx,vivado_ipx))', 'xilinx', true],
    ['ASIC', 'asic', true],
    ['*', '', true],
    ['all()', '', true],
    ['any()', '', false],
    ['cv64a6_imafdcv_sv39', 'cv64a6_imafdcv_sv39', true],
  ])('%s with %j: %j', (target, given, expected) => {
    expect(holds(target, new Set(given.split(' ')))).toBe(expected);
  });

  it('tell design from tests, in nested groups, for folders and macros too', async () => {
    const found = await imported({
      'Bender.yml': [
        'package: { name: t }',
        'sources:',
        '  - files: [a.sv, { target: "not(synthesis)", files: [model.sv] }, z.sv]',
        '    include_dirs: [inc, { target: fpga, dir: inc_fpga }]',
        '    defines: { W: 8, ASIC: ~, XIL: { target: xilinx, value: 1 }, R: { target: rtl, value: 2 } }',
        '  - { target: "any(test, simulation)", files: [tb.sv], defines: [TB] }',
        '  - { target: "all(fpga, xilinx)", files: [fpga.sv] }',
        '  - { target: tb, files: [{ sv: odd.name }, { v: bench.v }] }',
      ].join('\n'),
      ...empty('a.sv', 'model.sv', 'z.sv', 'tb.sv', 'fpga.sv', 'bench.v'),
    });
    expect(found.rtl.files).toEqual(['a.sv', 'model.sv', 'z.sv']);
    expect(found.rtl.include_dirs).toEqual(['inc']);
    expect(found.rtl.defines).toEqual({ TARGET_RTL: null, W: '8', ASIC: null, R: '2' });
    expect(found.tb.files).toEqual(['tb.sv', 'bench.v']);
    expect(found.tb.defines).toEqual({ TARGET_SIMULATION: null, TARGET_TEST: null, TB: null });
    expect(messages(found)).toContain('all(fpga, xilinx)');
  });

  it('simulation models of dependencies come along, their own tests do not', async () => {
    const found = await imported({
      'Bender.yml': pack('top', '{ ip: { path: ip } }', '[t.sv, { target: test, files: [tb_top.sv] }]'),
      'ip/Bender.yml': pack(
        'ip',
        '{}',
        '[ip.sv, { target: simulation, files: [vip.sv] }, { target: test, files: [tb_ip.sv] }]',
      ),
      ...empty('t.sv', 'tb_top.sv', 'ip/ip.sv', 'ip/vip.sv', 'ip/tb_ip.sv'),
    });
    expect(found.rtl.files).toEqual(['ip/ip.sv', 't.sv']);
    expect(found.tb.files).toEqual(['ip/vip.sv', 'tb_top.sv']);
  });

  it('are passed to a dependency, alone or under a condition', async () => {
    const found = await imported({
      'Bender.yml': pack(
        'top',
        '{ core: { path: core, pass_targets: [wide, { target: rtl, pass: fast }, { target: fpga, pass: slow }, -flist] } }',
        '[t.sv, { target: wide, files: [never.sv] }]',
      ),
      'core/Bender.yml': pack(
        'core',
        '{}',
        '[{ target: wide, files: [w.sv] }, { target: fast, files: [f.sv] }, { target: slow, files: [s.sv] }, { target: flist, files: [x.sv] }]',
      ),
      ...empty('t.sv', 'never.sv', 'core/w.sv', 'core/f.sv', 'core/s.sv', 'core/x.sv'),
    });
    expect(found.rtl.files).toEqual(['core/w.sv', 'core/f.sv', 't.sv']);
  });
});

describe('sources', () => {
  it('patterns: name by name, a folder where its name stands', async () => {
    const found = await imported({
      'Bender.yml': 'package: { name: t }\nsources: { files: ["rtl/**/*.sv", "ip?/*.v"] }\n',
      ...empty('rtl/b.sv', 'rtl/a.sv', 'rtl/a/z.sv', 'rtl/a-b.sv', 'rtl/c/d/e.sv', 'rtl/c/d.sv', 'ip1/x.v', 'ip12/x.v'),
    });
    expect(found.rtl.files).toEqual([
      'rtl/a/z.sv',
      'rtl/a-b.sv',
      'rtl/a.sv',
      'rtl/b.sv',
      'rtl/c/d/e.sv',
      'rtl/c/d.sv',
      'ip1/x.v',
    ]);
  });

  it('a file that two groups name stands where the first names it', async () => {
    const found = await imported({
      'Bender.yml': pack('t', '{}', '[a.sv, { target: rtl, files: [b.sv, a.sv, d.sv] }, b.sv]'),
      ...empty('a.sv', 'b.sv', 'd.sv'),
    });
    expect(found.rtl.files).toEqual(['a.sv', 'b.sv', 'd.sv']);
  });

  it('file lists of others, files that stand in for those of dependencies, vendored folders', async () => {
    const found = await imported({
      'Bender.yml': [
        'package: { name: t }',
        'dependencies: { ip: { path: ip } }',
        'vendor_package: [{ name: up, target_dir: vendor/up, upstream: { git: x, rev: y } }]',
        'sources:',
        '  - { files: [vendor/up/v.sv, t.sv], external_flists: [lists/more.f] }',
        '  - { override_files: true, files: [mine/ram.sv] }',
      ].join('\n'),
      'lists/more.f': '# theirs\n+incdir+inc+inc2\n+define+A=1+B\n../m/m.sv // here\n',
      'ip/Bender.yml': pack('ip', '{}', '[pkg.sv, ram.sv, use.sv]'),
      ...empty('vendor/up/v.sv', 't.sv', 'mine/ram.sv', 'm/m.sv', 'ip/pkg.sv', 'ip/ram.sv', 'ip/use.sv'),
    });
    expect(found.rtl.files).toEqual(['ip/pkg.sv', 'mine/ram.sv', 'ip/use.sv', 'vendor/up/v.sv', 't.sv', 'm/m.sv']);
    expect(found.rtl.include_dirs).toEqual(['lists/inc', 'lists/inc2']);
    expect(found.rtl.defines).toMatchObject({ A: '1', B: null });
  });
});
