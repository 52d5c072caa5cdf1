import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPatch, parsePatch } from 'diff';
import { afterAll, describe, expect, it } from 'vitest';
import { Plan } from '@genrtl/contracts';
import type { Design } from '../design.ts';
import { elaborateSpec } from '../elaborate/index.ts';
import { builtinCatalog, isMissing, vendorSources } from '../fixtures/packages.ts';
import { parseSpec } from '../parse-spec.ts';
import { composeFiles, composePatch, composePlan, traceFailure } from './index.ts';

const SAMPLES = join(import.meta.dirname, '../../../resources/samples');
const samples = readdirSync(SAMPLES).sort();
const sampleText = (name: string) => readFileSync(join(SAMPLES, name, 'spec.md'), 'utf8');

function elaborated(text: string): Design {
  const result = elaborateSpec(parseSpec(text, 'spec.md'), builtinCatalog);
  if ('diagnostics' in result)
    throw new Error(result.diagnostics.map(({ line, code, message }) => `${line} ${code} ${message}`).join('\n'));
  return result.design;
}

const root = mkdtempSync(join(tmpdir(), 'genrtl-compose-'));
afterAll(() => rmSync(root, { recursive: true }));

function written(design: Design, folder: string): { dir: string; source: string; bench: string } {
  const dir = join(root, folder);
  for (const sub of ['src', 'tb']) mkdirSync(join(dir, sub), { recursive: true });
  const [source, bench] = composeFiles(design);
  if (!source || !bench) throw new Error('two files are composed');
  for (const file of [source, bench]) writeFileSync(join(dir, file.path), file.text);
  return { dir, source: source.path, bench: bench.path };
}

function run(dir: string, tool: string, args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: dir, encoding: 'utf8', timeout: 60_000 });
  return { status, output: stdout + stderr };
}

function simulate(dir: string, sources: readonly string[], plusargs: readonly string[] = []): string {
  expect(run(dir, 'iverilog', ['-g2012', '-o', 'a.vvp', ...sources]).output).toBe('');
  return run(dir, 'vvp', ['-N', 'a.vvp', ...plusargs]).output;
}

/** The top with every output tied to one value. */
function stub(design: Design, value: string): string {
  const ports = design.ports.map(({ name, direction, width }) => `${direction} wire [${width.bits - 1}:0] ${name}`);
  const ties = design.ports
    .filter(({ direction }) => direction === 'output')
    .map(({ name, width }) => `assign ${name} = {${width.bits}{1'b${value}}};`);
  return `module ${design.module} (${ports.join(', ')});\n${ties.join('\n')}\nendmodule\n`;
}

const noIcarus = isMissing('iverilog', '-V');

describe.each(samples)('the sample %s', (name) => {
  const design = elaborated(sampleText(name));

  it.skipIf(noIcarus)('passes its own bench, which kills stubs', () => {
    const { dir, source, bench } = written(design, name);
    expect(simulate(dir, [bench, source, ...vendorSources(design)])).toBe('PASS\n');
    for (const value of ['0', '1', 'x']) {
      writeFileSync(join(dir, 'stub.sv'), stub(design, value));
      const output = simulate(dir, [bench, 'stub.sv']);
      expect(output).toMatch(/^FAIL signal=\w+ time=\d+$/m);
      expect(output).not.toMatch(/^PASS/m);
    }
  });

  it.skipIf(isMissing('verilator', '--version'))('is clean under verilator -Wall', () => {
    const { dir, source, bench } = written(design, name);
    expect(
      run(dir, 'verilator', ['--lint-only', '-Wall', '--top-module', design.module, source, ...vendorSources(design)])
        .output,
    ).toBe('');
    expect(
      run(dir, 'verilator', [
        '--lint-only',
        '-Wall',
        '--timing',
        '--top-module',
        `tb_${design.module}`,
        bench,
        source,
        ...vendorSources(design),
      ]).output,
    ).toBe('');
  });

  it.skipIf(isMissing('yosys', '-V'))('elaborates in Yosys', () => {
    const { dir, source } = written(design, name);
    const files = [source, ...vendorSources(design)].join(' ');
    expect(
      run(dir, 'yosys', [
        '-q',
        '-p',
        `read_verilog -sv ${files}; hierarchy -check -top ${design.module}; proc; check -assert`,
      ]),
    ).toEqual({ status: 0, output: '' });
  });

  it('says what feeds each instance and output, with ends that exist', () => {
    const { ports, instances, connections = [] } = composePlan(design).top;
    const there = new Set([...ports, ...instances].map(({ name: one }) => one));
    for (const end of connections.flatMap(({ from, to }) => [from, to]))
      expect(there).toContain(end.instance ?? end.port);
    for (const instance of instances)
      expect(connections.some(({ from, to }) => [from.instance, to.instance].includes(instance.name))).toBe(true);
  });

  it('gives a plan by the contract and the same text every time', () => {
    const plan = composePlan(design);
    expect(Plan.parse(plan)).toEqual(plan);
    expect(new Set(plan.cbb_requirements.map(({ function: id }) => id))).toEqual(
      new Set(design.instances.map(({ manifest }) => manifest.cbb_id)),
    );
    // what is approved names the values that its packages are given
    for (const { id, parameters = {} } of plan.cbb_requirements) {
      const given = design.instances.find(({ manifest }) => manifest.cbb_id === id)?.parameters ?? [];
      expect(Object.keys(parameters), id).toEqual(given.map((one) => one.name));
    }
    expect(
      plan.verification.checks.every(
        ({ spec_line }) => spec_line !== undefined && sampleText(name).split('\n')[spec_line - 1]?.startsWith('|'),
      ),
    ).toBe(true);
    expect(composeFiles(elaborated(sampleText(name).replaceAll('\n', '\r\n')))).toEqual(composeFiles(design));
  });
});

it('connections go back through logic and registers to pins and ports', () => {
  const { connections = [] } = composePlan(elaborated(sampleText('uart-echo'))).top;
  const told = connections.map(({ from, to, through }) =>
    [
      [from, to].map(({ instance, port }) => (instance === undefined ? port : `${instance}.${port}`)).join(' > '),
      through,
    ]
      .filter(Boolean)
      .join(' '),
  );
  expect(told).toEqual(
    expect.arrayContaining([
      'rxd > rx.rxd',
      'rx.m_axis_tdata > buffer.wr_data',
      'buffer.rd_data > tx.s_axis_tdata logic',
      'tx.txd > txd',
      'rx.frame_error > count registers',
    ]),
  );
});

it('samples grow up to six packages and three registers', () => {
  const sizes = samples.map((name) => elaborated(sampleText(name)));
  expect(sizes.some(({ instances }) => instances.length === 0)).toBe(true);
  expect(sizes.some(({ instances, registers }) => instances.length >= 6 && registers.length >= 3)).toBe(true);
  expect(sizes.some(({ clocks }) => clocks.length > 1)).toBe(true);
});

describe('the bench', () => {
  const text = sampleText('counter');

  it.skipIf(noIcarus)('names signal and time of each failing expectation, and its check can be found', () => {
    const design = elaborated(text.replace('| 10 | | count=7, last=0 |', '| 10 | | count=6, last=1 |'));
    const { dir, source, bench } = written(design, 'failing');
    expect(simulate(dir, [bench, source])).toBe('FAIL signal=count time=105\nFAIL signal=last time=105\n');
    const line = text.split('\n').findIndex((row) => row.startsWith('| 10 |')) + 1;
    expect(traceFailure(design, 'count', 105)).toEqual({
      check_id: 'check_6',
      spec_line: line,
      text: 'cycle 10 expects count=6',
    });
    expect(traceFailure(design, 'laps', 105)).toBeUndefined();
    expect(traceFailure(design, 'count', 106)).toBeUndefined();
  });

  it.skipIf(noIcarus)('dumps waves only when asked', () => {
    const design = elaborated(text);
    const { dir, source, bench } = written(design, 'waves');
    simulate(dir, [bench, source]);
    expect(readdirSync(dir)).not.toContain('w.vcd');
    simulate(dir, [bench, source], ['+vcd=w.vcd']);
    expect(readFileSync(join(dir, 'w.vcd'), 'utf8')).toContain('$enddefinitions');
  });

  it('compares only the bits that the spec writes', () => {
    const [, bench] = composeFiles(elaborated(text.replace('| 5 | | count=2 |', "| 5 | | count=4'b0x1x |")));
    expect(bench?.text).toContain('if ((count & 4\'d10) !== 4\'d2) fail("count");');
  });
});

describe('composePatch', () => {
  const design = elaborated(sampleText('uart-echo'));
  const files = composeFiles(design);

  it('creates files that are not there', () => {
    const patches = parsePatch(composePatch(design, new Map()));
    expect(patches.map(({ oldFileName, newFileName }) => [oldFileName, newFileName])).toEqual(
      files.map(({ path }) => ['/dev/null', `b/${path}`]),
    );
    expect(patches.map((patch) => applyPatch('', patch))).toEqual(files.map(({ text }) => text));
  });

  it('changes what differs and leaves out what does not', () => {
    const [source, bench] = files;
    if (!source || !bench) throw new Error('two files are composed');
    const old = source.text.replace('error', 'fault').replace(/\n$/, '');
    const patches = parsePatch(
      composePatch(
        design,
        new Map([
          [source.path, old],
          [bench.path, bench.text],
        ]),
      ),
    );
    expect(patches).toHaveLength(1);
    expect(patches[0] && applyPatch(old, patches[0])).toBe(source.text);
    expect(composePatch(design, new Map(files.map(({ path, text }) => [path, text])))).toBe('');
  });

  it('replaces a file that has nothing in common, however long', () => {
    const [source] = files;
    const old = Array.from({ length: 60_000 }, (_, index) => `line ${index}`).join('\n');
    const [patch] = parsePatch(composePatch(design, new Map([[source?.path ?? '', old]])));
    expect(patch && applyPatch(old, patch)).toBe(source?.text);
  });
});
