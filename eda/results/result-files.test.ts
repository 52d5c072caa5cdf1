// Result files of cocotb and VUnit, read and made part of a run's verdict.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeTools } from '../../test/fakes/eda/fake-tool.ts';
import { icarus } from '../adapters/icarus/index.ts';
import { runTool } from '../runner/index.ts';
import type { RunToolResult } from '../runner/index.ts';
import { parseXunit } from './xunit.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');

describe('reading', () => {
  it('takes cocotb’s tests with the reason of each failure', () => {
    const [one, two, ...more] = parseXunit(fixture('cocotb-2.1.0.xml'), 'icarus');
    expect(one).toMatchObject({ name: 'test_dut.adds_one', passed: true, failures: [], duration_ms: 1 });
    expect(two).toMatchObject({
      name: 'test_dut.adds_two',
      passed: false,
      failures: [{ message: expect.stringContaining('q is 00000101\nassert LogicArray') as string }],
    });
    expect(more).toEqual([]);
  });

  it('takes VUnit’s tests and leaves out what was skipped', () => {
    expect(
      parseXunit(fixture('vunit-documented.xml'), 'ghdl').map(({ name, passed, duration_ms: ms }) => [
        name,
        passed,
        ms,
      ]),
    ).toEqual([
      ['lib.tb_uart_tx.test_tvalid_low_at_start', true, 700],
      ['lib.tb_uart_tx.test_send_one_byte', false, 300],
    ]);
  });

  it('refuses what is no result file, and entities that explode', () => {
    for (const text of ['', 'PASS', '<html></html>', '<testsuite><testcase', '{"tests":1}'])
      expect(() => parseXunit(text, 'icarus'), text).toThrow(/no xUnit/);
    const bomb = `<!DOCTYPE t [<!ENTITY a "${'x'.repeat(1000)}">${Array.from({ length: 20 }, (_, n) => `<!ENTITY a${n} "${`&a${n === 0 ? '' : n - 1};`.repeat(10)}">`).join('')}]><testsuite><testcase name="&a19;"/></testsuite>`;
    const started = process.memoryUsage().rss;
    try {
      parseXunit(bomb, 'icarus');
    } catch {
      /* refused */
    }
    expect(process.memoryUsage().rss - started).toBeLessThan(200_000_000);
  });
});

describe('a run that leaves results', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'genrtl-xunit-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Icarus with a vvp that behaves like one with cocotb in it. */
  const simulate = async (name: string, vvp: string): Promise<{ result: RunToolResult; calls: string[][] }> => {
    const fakes = fakeTools(join(folder, `${name}-bin`));
    fakes.add(
      'iverilog',
      'case "$1" in -V) echo "Icarus Verilog version 11.0 (stable) ()";; *) while [ $# -gt 0 ]; do [ "$1" = -o ] && echo code > "$2"; shift; done;; esac',
    );
    fakes.add('vvp', vvp);
    const workspace = join(folder, name);
    mkdirSync(join(workspace, 'run'), { recursive: true });
    writeFileSync(join(workspace, 'dut.sv'), 'module dut; endmodule\n');
    writeFileSync(join(workspace, 'run/results.xml'), '<testsuite><testcase name="of a run before"/></testsuite>');
    const cocotb = {
      modules: ['test_dut'],
      python: '/usr/bin/python3',
      libpython: '/usr/lib/libpython3.so',
      entry: 'libpygpi.so,initialize',
      vpi: '/opt/cocotb/libcocotbvpi_icarus.so',
    };
    const result = await runTool({
      adapter: icarus,
      action: 'simulate',
      workspace,
      sources: ['dut.sv'],
      top: 'dut',
      runDir: join(workspace, 'run'),
      env: fakes.env,
      // where the fakes note how they were called
      confinement: { mode: 'preferred', writable: [fakes.env['HOME'] ?? ''] },
      seed: 5,
      options: { cocotb },
    });
    return { result, calls: fakes.calls() };
  };
  const write = (file: string): string => `cat > "$COCOTB_RESULTS_FILE" <<'EOF'\n${file}\nEOF\n`;

  it('fails with the tests that failed, whatever the exit code', async () => {
    const { result } = await simulate('failing', write(fixture('cocotb-2.1.0.xml')));
    expect(result.verdict).toBe('fail');
    expect(result.tests.map(({ name, passed }) => [name, passed])).toEqual([
      ['dut', false],
      ['test_dut.adds_one', true],
      ['test_dut.adds_two', false],
    ]);
    expect(result.diagnostics).toMatchObject([
      { severity: 'error', code: 'TEST', message: expect.stringMatching(/^test_dut\.adds_two: q is/) as string },
    ]);
  });

  it('passes when all tests passed, though cocotb’s summary speaks of FAIL=0', async () => {
    const passing =
      '<testsuites><testsuite name="t"><testcase classname="test_dut" name="adds_one" time="0.1"/></testsuite></testsuites>';
    const { result, calls } = await simulate(
      'passing',
      `echo "   ** TESTS=1 PASS=1 FAIL=0 SKIP=0  10.00  0.00 **"\necho "$COCOTB_TOPLEVEL $COCOTB_TEST_MODULES $COCOTB_RANDOM_SEED $PYTHONPATH" > "$FAKE/env.txt"\n${write(passing)}`,
    );
    expect(result.verdict).toBe('pass');
    expect(readFileSync(join(folder, 'passing-bin/env.txt'), 'utf8')).toBe('dut test_dut 5 tb\n');
    expect(calls.at(-1)).toEqual(expect.arrayContaining(['-m', '/opt/cocotb/libcocotbvpi_icarus.so']));
  });

  it('is unknown when it leaves none, or an empty one, even where the log says PASS', async () => {
    expect((await simulate('without', 'echo PASS')).result.verdict).toBe('unknown');
    expect((await simulate('empty', `echo PASS; : > "$COCOTB_RESULTS_FILE"`)).result.verdict).toBe('unknown');
  });
});
