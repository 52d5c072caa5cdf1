import { describe, expect, it } from 'vitest';
import type { CbbManifest } from '@genrtl/contracts';
import { projectOf } from '../project/in-memory.ts';
import { buildFilelists, compileInput, formatDefines, formatFilelist } from './index.ts';

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
    const project = projectOf({
      'src/top.sv': '',
      'src/a.v': '',
      'src/inc/defs.svh': '',
      'tb/t.sv': '',
      'tb/inc/t.vh': '',
    });
    const lists = buildFilelists({ packages, project });
    expect(lists).toEqual({
      rtl: [`${folder('cbb_z')}/rtl/cbb_z.sv`, `${folder('cbb_a')}/rtl/cbb_a.sv`, 'src/a.v', 'src/top.sv'],
      tb: ['tb/t.sv'],
      includeDirs: [`${folder('cbb_a')}/rtl/include`, folder('cbb_a'), 'src/inc', 'tb/inc'],
      defines: {},
      benchDefines: {},
      libraries: {},
    });
    expect(formatFilelist(lists.tb)).toBe('tb/t.sv\n');
    expect(compileInput(lists, 'rtl').sources).toEqual(lists.rtl);
  });

  it('carry defines and libraries, those of the testbench only where it is compiled', () => {
    const project = projectOf(
      { 'rtl/top.vhd': 'entity top is end;', 'lib/p.vhd': 'package p is end;', 'dv/tb.vhd': 'entity tb is end;' },
      {
        rtl: { files: ['rtl/**'], libraries: { Mine: ['lib/**'] }, defines: { SYNTH: null, W: 8 } },
        tb: { files: ['dv/**'], defines: { W: '9' } },
      },
    );
    const lists = buildFilelists({ packages: [], project });
    expect(compileInput(lists, 'rtl')).toMatchObject({
      defines: { SYNTH: null, W: '8' },
      libraries: { 'lib/p.vhd': 'mine' },
    });
    expect(compileInput(lists, 'bench')).toMatchObject({ defines: { SYNTH: null, W: '9' } });
    expect(formatDefines(lists.benchDefines)).toBe('+define+SYNTH\n+define+W=9\n');
  });
});
