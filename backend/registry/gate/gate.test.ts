// Each demand of the publishing gate, shown by a package that breaks just that one. Runs the real tools.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CbbEvidence } from '@genrtl/contracts';
import type { CbbManifest } from '@genrtl/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createToolRunner } from '../../tool-runner/index.ts';
import { BUILTIN_PACKAGES } from '../catalog.ts';
import { EVIDENCE_FILE, readPackage } from '../package-source.ts';
import { checkIllegalParameters, checkInterface } from './elaboration.ts';
import type { Check } from './findings.ts';
import { gateTools, isCurrent, requirePassed, runGate } from './index.ts';
import { parameterSetFindings, readParameterSets } from './parameter-sets.ts';
import { checkBenches, checkLint } from './simulation.ts';
import { checkStrength } from './strength.ts';
import { checkFiles, checkManifest } from './structure.ts';

const runner = createToolRunner();
const tools = await Promise.all(
  (['icarus', 'verilator', 'yosys'] as const).map((tool) => runner.version(tool).catch(() => null)),
);
const missing = tools.includes(null) ? 'icarus, verilator or yosys is not installed' : null;
if (missing !== null) process.stdout.write(`skipped: gate checks that run tools: ${missing}\n`);

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'genrtl-gate-'));
  folder = join(root, 'cbb_counter');
  cpSync(join(BUILTIN_PACKAGES, 'cbb_counter'), folder, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const RTL = 'rtl/cbb_counter.sv';
const TB = 'tb/tb_cbb_counter.sv';
function edit(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(join(folder, path), 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(join(folder, path), changed);
}
async function withManifest(change: (manifest: CbbManifest) => CbbManifest): Promise<void> {
  const { manifest } = await readPackage(folder);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(change(manifest)));
}
const context = async () => ({ runner, folder, manifest: (await readPackage(folder)).manifest });
const DEFAULT = [{ name: 'default', parameters: {} }];
const findings = (check: Check): string => check.findings.join('\n');

describe('structure', () => {
  test('a built-in package has nothing to complain of', async () => {
    const source = await readPackage(folder);
    expect(checkFiles(source)).toEqual({ name: 'files', passed: true, findings: [] });
    expect(checkManifest(source, 'cbb_counter')).toEqual({ name: 'manifest', passed: true, findings: [] });
  });

  test('missing, unlisted and misnamed files are named', async () => {
    rmSync(join(folder, 'scripts/lint.sh'));
    writeFileSync(join(folder, 'rtl/extra.sv'), 'module extra; endmodule\n');
    writeFileSync(join(folder, 'scripts/rtl.f'), 'rtl/other.sv\n');
    const check = checkFiles(await readPackage(folder));
    expect(check.passed).toBe(false);
    expect(findings(check)).toContain('scripts/lint.sh is missing');
    expect(findings(check)).toContain('rtl/extra.sv belongs to no fileset');
    expect(findings(check)).toContain('does not list the RTL fileset');
  });

  test('a README without diagrams, with a broken WaveJSON or without a port is found', async () => {
    edit('README.md', '```mermaid', '```text');
    edit('README.md', '"signal"', '"signals"');
    edit('README.md', /`wrap`/g, 'wrap');
    const text = findings(checkFiles(await readPackage(folder)));
    expect(text).toContain('Mermaid');
    expect(text).toContain('WaveJSON diagram');
    expect(text).toContain('`wrap`');
  });

  test.each<[string, (manifest: CbbManifest) => CbbManifest, string]>([
    ['a price of nothing', (manifest) => ({ ...manifest, price_usd: '0.00' }), 'no positive amount'],
    [
      'a port twice',
      (manifest) => ({ ...manifest, ports: [...manifest.ports, ...manifest.ports.slice(0, 1)] }),
      'stands there twice',
    ],
    ['a tag in upper case', (manifest) => ({ ...manifest, tags: ['Counter'] }), 'not in lower case'],
    [
      'a default out of range',
      (manifest) => ({ ...manifest, parameters: manifest.parameters.map((one) => ({ ...one, default: '0' })) }),
      'default of WIDTH is illegal',
    ],
    [
      'a parameter without a range',
      (manifest) => ({ ...manifest, parameters: manifest.parameters.map(({ min: _min, ...one }) => one) }),
      'neither a range',
    ],
    ['a clock without a domain', (manifest) => ({ ...manifest, clock_domains: [] }), 'no clock domain'],
    ['a reset that is not described', (manifest) => ({ ...manifest, resets: [] }), 'not described under resets'],
    [
      'another top than it says',
      (manifest) => ({ ...manifest, entrypoints: { ...manifest.entrypoints, top: 'other' } }),
      'differ',
    ],
  ])('a manifest with %s', async (_what, change, expected) => {
    await withManifest(change);
    expect(findings(checkManifest(await readPackage(folder), 'cbb_counter'))).toContain(expected);
  });

  test('parameter sets: too few, not starting at the default, or leaving a parameter alone', async () => {
    const source = await readPackage(folder);
    expect(parameterSetFindings(source, readParameterSets(source))).toEqual([]);
    expect(parameterSetFindings(source, DEFAULT).join()).toContain('at least two');
    expect(parameterSetFindings(source, [{ name: 'x', parameters: { WIDTH: '3' } }, ...DEFAULT]).join()).toContain(
      'first parameter set',
    );
    expect(
      parameterSetFindings(source, [
        ...DEFAULT,
        { name: 'x', parameters: { STEPS: '3' } },
        { name: 'y', parameters: { STEPS: '4' } },
      ]).join(),
    ).toContain('changes WIDTH');
  });
});

describe.skipIf(missing !== null)('tools', () => {
  test('ports and parameters are compared with what Yosys elaborates, at each set', async () => {
    const sets = readParameterSets(await readPackage(folder));
    expect(await checkInterface(await context(), sets)).toEqual({ name: 'interface', passed: true, findings: [] });
    await withManifest((manifest) => ({
      ...manifest,
      parameters: manifest.parameters.map((one) => ({ ...one, default: '9' })),
      ports: [
        ...manifest.ports
          .filter(({ name }) => name !== 'wrap')
          .map((port) =>
            port.name === 'count'
              ? { ...port, width: '8' }
              : port.name === 'en'
                ? { ...port, direction: 'output' as const }
                : port,
          ),
        { name: 'phantom', direction: 'input' as const, width: '1', role: 'data' as const, description: 'x' },
      ],
    }));
    const text = findings(await checkInterface(await context(), sets));
    expect(text).toContain('the default of WIDTH');
    expect(text).toContain('at the set "one bit": count is 1 bits wide, the manifest says 8');
    expect(text).toContain('en is an input, not an output');
    expect(text).toContain('the port wrap is not in the manifest');
    expect(text).toContain('there is no port phantom');
  });

  test('a width that would smuggle code into the check is refused before a tool sees it', async () => {
    await withManifest((manifest) => ({
      ...manifest,
      ports: manifest.ports.map((port) =>
        port.name === 'count' ? { ...port, width: '8); initial $finish; wire (x' } : port,
      ),
    }));
    expect(findings(await checkInterface(await context(), DEFAULT))).toContain('the width of count is no expression');
  });

  test('illegal values must stop every tool with a message that names the parameter', async () => {
    expect((await checkIllegalParameters(await context())).findings).toEqual([]);
    edit(RTL, 'cbb_counter_WIDTH_must_be_1_to_1024', 'cbb_counter_is_illegal');
    expect(findings(await checkIllegalParameters(await context()))).toContain('does not name it');
    edit(RTL, /generate[\s\S]*?endgenerate/, '');
    expect(findings(await checkIllegalParameters(await context()))).toContain('yosys elaborates WIDTH = 1025');
  });

  test('one lint warning refuses the package', async () => {
    expect((await checkLint(await context(), DEFAULT)).findings).toEqual([]);
    edit(RTL, 'endmodule', '  logic spare;\n  assign spare = en;\nendmodule');
    expect(findings(await checkLint(await context(), DEFAULT))).toContain('UNUSED');
  });

  test('a wrong design fails its bench on both simulators', async () => {
    edit(RTL, 'count + 1', 'count - 1');
    const { check, sets } = await checkBenches(await context(), DEFAULT);
    expect(check.passed).toBe(false);
    expect(sets[0]?.benches.map(({ tool, passed }) => [tool, passed])).toEqual([
      ['icarus', false],
      ['verilator', false],
    ]);
    expect(findings(check)).toContain('count');
  });

  test('a bench that only says PASS lets every mutant and stub live', async () => {
    writeFileSync(
      join(folder, TB),
      'module tb_cbb_counter;\n  logic clk = 0, rst_n = 1, en = 0, up = 0, load = 0;\n  logic [7:0] load_value = 0, count; logic wrap;\n  cbb_counter dut (.*);\n  initial begin #10 $display("PASS"); $finish; end\nendmodule\n',
    );
    const { check, strength } = await checkStrength(await context(), DEFAULT);
    expect(check.passed).toBe(false);
    expect(strength.mutants.killed).toBe(0);
    expect(strength.mutants.total).toBeGreaterThan(5);
    expect(strength.stubs).toEqual([
      { tied_to: '0', failed: false },
      { tied_to: '1', failed: false },
      { tied_to: 'x', failed: false },
    ]);
    expect(findings(check)).toContain('tied to x passes');
  });

  test('a bench that fails on the design itself has no strength to measure', async () => {
    edit(RTL, 'count + 1', 'count - 1');
    const { check, strength } = await checkStrength(await context(), DEFAULT);
    expect(findings(check)).toContain('on the design as it is');
    expect(strength.mutants).toEqual({ killed: 0, total: 0 });
  });

  test('no tool runs on a package that does not hold together, and the refusal lists the findings', async () => {
    rmSync(join(folder, RTL));
    const evidence = await runGate(folder, { runner });
    expect(evidence.passed).toBe(false);
    expect(evidence.parameter_sets).toEqual([]);
    expect(() => requirePassed('cbb_counter', evidence.checks)).toThrowError(
      expect.objectContaining({ code: 'CBB_GATE_FAILED' }) as Error,
    );
  });

  test('evidence counts for its source, its gate and its tools only', async () => {
    const source = await readPackage(folder);
    const evidence = CbbEvidence.parse(JSON.parse(readFileSync(join(folder, EVIDENCE_FILE), 'utf8')));
    expect(isCurrent(evidence, source, evidence.tools)).toBe(true);
    expect(isCurrent(evidence, source, [{ name: 'icarus', version: '12.0' }])).toBe(false);
    expect(isCurrent({ ...evidence, gate_version: 0 }, source, evidence.tools)).toBe(false);
    expect((await gateTools(runner)).map(({ name }) => name)).toEqual(['icarus', 'verilator', 'yosys']);
    edit(RTL, 'Up/down', 'Down/up');
    expect(isCurrent(evidence, await readPackage(folder), evidence.tools)).toBe(false);
  });
});
