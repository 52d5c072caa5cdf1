// Every package can be instantiated by a structured spec: all its parameters passed from the top, all its ports led
// out.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CbbManifest } from '@genrtl/contracts';
import { composeFiles } from './compose/index.ts';
import type { Design } from './design.ts';
import { elaborateSpec } from './elaborate/index.ts';
import { builtinCatalog, isMissing, vendorSources } from './fixtures/packages.ts';
import { parseSpec } from './parse-spec.ts';

const root = mkdtempSync(join(tmpdir(), 'genrtl-packages-'));
for (const sub of ['src', 'tb']) mkdirSync(join(root, sub));
afterAll(() => rmSync(root, { recursive: true }));

const table = (title: string, header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [`## ${title}`, ...[header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`), ''].join('\n');

/** A top that is nothing but the package; ports keep their names, parameters are symbolic where they are numbers. */
function wrapper({ cbb_id, parameters, ports, clock_domains, resets }: CbbManifest): string {
  const numbers = parameters.filter(({ type }) => type !== 'string');
  const clocks = clock_domains.map(({ clock, reset }) => {
    const own = resets.find(({ name }) => name === reset);
    return [clock, reset ?? '-', own?.active ?? '-', own === undefined || own.async ? 'yes' : 'no', '10'];
  });
  const released = new Map(resets.map(({ name, active }) => [name, active === 'low' ? '1' : '0']));
  const drive = clocks.flatMap(([, reset]) =>
    released.has(reset ?? '') ? [`${reset}=${released.get(reset ?? '')}`] : [],
  );
  const [output] = ports.filter(({ direction }) => direction === 'output');
  return [
    `# ${cbb_id} alone\n`,
    `## Top\nmodule: all_of_${cbb_id}\n`,
    table(
      'Parameters',
      ['Name', 'Default', 'Description'],
      numbers.map(({ name, default: value }) => [name, value, '']),
    ),
    table(
      'Ports',
      ['Port', 'Direction', 'Width', 'Description'],
      ports.map(({ name, direction, width, description }) => [
        name,
        direction,
        width,
        description.replaceAll('|', '\\|'),
      ]),
    ),
    clocks.length > 0 ? table('Clocks', ['Clock', 'Reset', 'Active', 'Async', 'Period ns'], clocks) : '',
    table(
      'Blocks',
      ['Instance', 'Function', 'Parameters'],
      [['u', cbb_id, numbers.map(({ name }) => `${name}=${name}`).join(', ')]],
    ),
    table(
      'Connections',
      ['From', 'To'],
      ports.map(({ name, direction }) => (direction === 'input' ? [name, `u.${name}`] : [`u.${name}`, name])),
    ),
    table('Checks', ['Cycle', 'Drive', 'Expect'], [['1', [...new Set(drive)].join(', '), `${output?.name ?? ''}=x`]]),
  ].join('\n');
}

describe('every package of the product', () => {
  const designs: Design[] = [];

  it.each(builtinCatalog.map((manifest) => [manifest.cbb_id, manifest] as const))(
    '%s is accepted as it is',
    (_, manifest) => {
      const result = elaborateSpec(parseSpec(wrapper(manifest), 'spec.md'), builtinCatalog);
      expect('diagnostics' in result ? result.diagnostics : []).toEqual([]);
      if (!('design' in result)) return;
      designs.push(result.design);
      for (const file of composeFiles(result.design)) writeFileSync(join(root, file.path), file.text);
    },
  );

  const run = (tool: string, args: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(tool, args, { cwd: root, encoding: 'utf8', timeout: 100_000 });
    return stdout + stderr;
  };
  const sources = (): string[] => [
    ...new Set(designs.flatMap((design) => [`src/${design.module}.sv`, ...vendorSources(design)])),
  ];
  const benches = (): string[] => designs.map(({ module }) => `tb/tb_${module}.sv`);

  it.skipIf(isMissing('iverilog', '-V'))('and all elaborate in Icarus', () => {
    expect(run('iverilog', ['-g2012', '-o', 'all.vvp', ...benches(), ...sources()])).toBe('');
  });

  it.skipIf(isMissing('verilator', '--version'))('and are clean under verilator -Wall', () => {
    expect(run('verilator', ['--lint-only', '--timing', '-Wall', '-Wno-MULTITOP', ...benches(), ...sources()])).toBe(
      '',
    );
  });

  it.skipIf(isMissing('yosys', '-V'))('and elaborate in Yosys', () => {
    expect(run('yosys', ['-q', '-p', `read_verilog -sv ${sources().join(' ')}; hierarchy -check; proc; check`])).toBe(
      '',
    );
  });
});
