// The project's checks run for real: lint, benches and its own make target, with trust, waivers and confinement.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canConfine } from '@genrtl/eda/runner/sandbox/index.ts';
import { checkHistory, listChecks, runChecks } from './project-checks.ts';

let root: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'genrtl checks-'));
  env = { ...process.env, GENRTL_HOME: path.join(root, '..', `${path.basename(root)}-home`) };
  write('rtl/inv.sv', 'module inv(input logic a, output logic y); assign y = ~a; endmodule\n');
  write(
    'dv/tb.sv',
    'module tb; logic a = 0, y; inv u(.a, .y);\ninitial begin #1 if (y === 1) $display("PASS"); else $display("FAIL signal=y time=1"); $finish; end endmodule\n',
  );
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  rmSync(env['GENRTL_HOME'] ?? '', { recursive: true, force: true });
});

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}
const project = (checks: string): void =>
  write('genrtl.yaml', `version: 1\nrtl: { files: ["rtl/**"] }\ntb: { files: ["dv/**"] }\nchecks:\n${checks}`);
const makefile = (...lines: string[]): void =>
  write('dv/Makefile', `sim:\n${lines.map((line) => `\t${line}\n`).join('')}`);
const run = (more: Partial<Parameters<typeof runChecks>[0]> = {}) =>
  runChecks({ workspace: root, names: [], env, signal: new AbortController().signal, ...more });

const MAKE =
  '  - { name: smoke, command: [make, -s, sim], cwd: dv, log: out/sim.log, results: out/r.xml, pass: "TEST PASSED" }\n';
const GOOD = [
  'mkdir -p out',
  'iverilog -g2012 -o out/t ../rtl/inv.sv tb.sv && vvp -N out/t > out/sim.log && grep -q PASS out/sim.log && echo TEST PASSED >> out/sim.log',
  `echo '<testsuite><testcase name="inv"/></testsuite>' > out/r.xml`,
];

describe('checks', () => {
  it('run in their order once the person trusted the commands; a changed command asks again', async () => {
    project(`  - { name: lint, lint: icarus }\n  - { name: benches, sim: icarus }\n${MAKE}`);
    makefile(...GOOD);
    await expect(run()).rejects.toMatchObject({
      code: 'PROJECT_UNTRUSTED',
      message: expect.stringContaining('make -s sim (in dv)') as string,
    });
    expect(existsSync(path.join(root, '.genRTL/checks'))).toBe(false);
    expect((await run({ names: ['lint', 'benches'] })).map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    const results = await run({ trust: true });
    expect(results.map(({ name, verdict, reason }) => [name, verdict, reason])).toEqual([
      ['lint', 'pass', ''],
      ['benches', 'pass', ''],
      ['smoke', 'pass', ''],
    ]);
    expect(results[2]?.tests).toMatchObject([{ name: 'inv', passed: true }]);
    expect((await listChecks(root, env)).checks[2]).toMatchObject({ what: 'make -s sim (in dv)', trusted: true });
    project(MAKE.replace('-s, sim', 'sim'));
    await expect(run()).rejects.toMatchObject({ code: 'PROJECT_UNTRUSTED' });
  }, 60_000);

  it('results of an earlier run never count, and exit codes prove nothing', async () => {
    project(MAKE);
    makefile(...GOOD);
    expect((await run({ trust: true }))[0]?.verdict).toBe('pass');
    makefile('true');
    const [result] = await run();
    expect(result).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('not written') as string });
    expect(existsSync(path.join(root, 'dv/out/r.xml'))).toBe(false);
    expect((await checkHistory(root, 'smoke')).map(({ verdict }) => verdict)).toEqual(['unknown', 'pass']);
  });

  it('a wrong design fails them, with the findings of the log', async () => {
    write('rtl/inv.sv', 'module inv(input logic a, output logic y); assign y = a; endmodule\n');
    project(`  - { name: benches, sim: icarus }\n${MAKE}`);
    makefile(GOOD[0] ?? '', 'iverilog -g2012 -o out/t ../rtl/inv.sv tb.sv; vvp -N out/t > out/sim.log', GOOD[2] ?? '');
    const [benches, smoke] = await run({ trust: true });
    expect(benches).toMatchObject({
      verdict: 'fail',
      diagnostics: [{ code: 'FAIL', scope: 'y' }].map(() => expect.objectContaining({ code: 'FAIL' }) as object),
    });
    expect(smoke).toMatchObject({ verdict: 'fail', counts: { error: 1 } });
  });

  it('a UVM project through its own command: findings with their places, the report server’s counts decide', async () => {
    const log = (errors: number): string =>
      [
        '# vsim -c work.top_tb +UVM_TESTNAME=smoke_test -do "run -all; quit"',
        '# UVM_INFO @ 0: reporter [RNTST] Running test smoke_test...',
        ...(errors > 0
          ? ['# UVM_ERROR /w/dv/scoreboard.sv(61) @ 1250000: uvm_test_top.env.sb [SB] got 0x12, expected 0x13']
          : []),
        '# --- UVM Report Summary ---',
        '# ** Report counts by severity',
        '# UVM_INFO :    4',
        '# UVM_WARNING :    0',
        `# UVM_ERROR :    ${errors}`,
        '# UVM_FATAL :    0',
        '# ** Note: $finish    : /uvm-1.2/src/base/uvm_root.svh(517)',
        'TEST DONE',
        '',
      ].join('\n');
    project(
      '  - { name: uvm, command: [make, -s, sim], cwd: dv, log: out/sim.log, parser: questa, pass: "TEST DONE" }\n',
    );
    // as a licensed simulator would leave it
    makefile('mkdir -p out', 'cp recorded.log out/sim.log');
    write('dv/recorded.log', log(0));
    expect((await run({ trust: true }))[0]).toMatchObject({ verdict: 'pass' });
    write('dv/recorded.log', log(1));
    const [failed] = await run();
    expect(failed).toMatchObject({ verdict: 'fail' });
    expect(failed?.diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject([
      { file: '/w/dv/scoreboard.sv', line: 61, scope: 'uvm_test_top.env.sb', message: 'got 0x12, expected 0x13' },
    ]);
  });

  it('a cocotb project through its own command: each test of its result file', async () => {
    const recorded = path.join(import.meta.dirname, '../../eda/results/fixtures/cocotb-2.1.0.xml');
    write('dv/recorded.xml', readFileSync(recorded, 'utf8'));
    project('  - { name: cocotb, command: [make, -s, sim], cwd: dv, results: [out/results.xml] }\n');
    makefile('mkdir -p out', 'cp recorded.xml out/results.xml', 'echo "** TESTS=2 PASS=1 FAIL=1 SKIP=0 **"');
    const [result] = await run({ trust: true });
    expect(result).toMatchObject({ verdict: 'fail' });
    expect(result?.tests.map(({ passed }) => passed).sort()).toEqual([false, true]);
  });

  it('a program that is not there, and a target that is none, are no fault of the design', async () => {
    project(
      '  - { name: a, command: [no-such-program], pass: x }\n  - { name: b, command: [make, -s, none], cwd: dv, pass: x }\n  - { name: c, sim: icarus, benches: [tb_none] }\n',
    );
    makefile('true');
    const results = await run({ trust: true });
    expect(results.map(({ verdict }) => verdict)).toEqual(['error', 'error', 'error']);
    expect(results[0]?.reason).toContain('There is no program no-such-program');
  });

  it('waivers pass findings, are counted, and say when they pass nothing or are out of date', async () => {
    write('rtl/inv.sv', 'module inv(input logic a, output logic y); logic spare; assign y = ~a; endmodule\n');
    write(
      'lint/waivers.yaml',
      'waivers:\n  - { code: UNUSEDSIGNAL, file: "rtl/**", reason: bonded later, owner: ann }\n  - { code: UNUSED, file: "rtl/**", reason: bonded later, owner: ann }\n  - { code: WIDTH, reason: none }\n  - { code: "*", file: "rtl/**", reason: old, expires: 2020-01-01 }\n',
    );
    project('  - { name: lint, lint: verilator, waivers: lint/waivers.yaml, fail_on: warning }\n');
    const [result] = await run();
    expect(result?.waived).toBeGreaterThan(0);
    expect(result?.waivers.filter(({ state }) => state === 'used')).toHaveLength(1);
    expect(result?.diagnostics.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['WAIVER_UNUSED', 'WAIVER_EXPIRED']),
    );
    expect(result?.diagnostics.every(({ code }) => code?.startsWith('WAIVER'))).toBe(true);
    // what is said of waivers is no finding of the design
    expect(result?.verdict).toBe('pass');
  });

  it('a name that is none is told which there are', async () => {
    project(MAKE);
    await expect(run({ names: ['smoked'] })).rejects.toMatchObject({ code: 'USAGE', hint: 'The checks are smoke.' });
  });

  it('without a project file are lint and every bench', async () => {
    execFileSync('mv', [path.join(root, 'rtl'), path.join(root, 'src')]);
    execFileSync('mv', [path.join(root, 'dv'), path.join(root, 'tb')]);
    expect((await listChecks(root, env)).checks).toEqual([
      { name: 'lint', kind: 'lint', what: 'verilator', trusted: null, key: null, needs: null },
      { name: 'sim', kind: 'sim', what: 'icarus', trusted: null, key: null, needs: null },
    ]);
  });
});

describe('a command in a workspace where a job has written', () => {
  it('writes where its results lie and nowhere else; sources and makefiles stay as they are', async (context) => {
    if (!(await canConfine(root, env)).works) {
      context.skip('no sandbox can be had here');
      return;
    }
    write('.genRTL/state.json', '{}');
    project(MAKE.replace('out/sim.log', 'sim.log').replace('out/r.xml', 'r.xml'));
    write('dv/note.txt', 'mine\n');
    makefile(
      'echo changed > note.txt',
      '-echo "module inv; endmodule" > tb.sv',
      '-echo evil >> Makefile',
      '-echo evil > ../rtl/inv.sv',
      '-echo evil > ../genrtl.yaml',
      'echo TEST PASSED > sim.log',
      `echo '<testsuite><testcase name="x"/></testsuite>' > r.xml`,
    );
    const before = ['dv/tb.sv', 'dv/Makefile', 'rtl/inv.sv', 'genrtl.yaml'].map((file) =>
      readFileSync(path.join(root, file), 'utf8'),
    );
    const [result] = await run({ trust: true });
    expect(result).toMatchObject({ verdict: 'pass' });
    expect(
      ['dv/tb.sv', 'dv/Makefile', 'rtl/inv.sv', 'genrtl.yaml'].map((file) =>
        readFileSync(path.join(root, file), 'utf8'),
      ),
    ).toEqual(before);
    project('  - { name: root, command: [sh, run.sh], log: sim.log, pass: "TEST PASSED" }\n');
    write('run.sh', 'echo TEST PASSED > sim.log\n');
    expect((await run({ trust: true }))[0]).toMatchObject({ verdict: 'pass' });
    project('  - { name: stray, command: [make, -s, sim], cwd: dv, pass: "TEST PASSED" }\n');
    makefile('echo TEST PASSED > out.txt && cat out.txt');
    expect((await run({ trust: true }))[0]?.reason).toContain('needs.write');
  });
});
