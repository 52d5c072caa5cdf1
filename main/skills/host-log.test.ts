// What tools print when they go on after an error, as recorded: each line is judged, and a job with one of them fails.
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import safeRegex from 'safe-regex2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SkillContract, type SkillHost } from '@genrtl/contracts/skill-contract.ts';
import { checkContract } from './contract-check.ts';
import { hostLogFault, readHostLog } from './host-log.ts';
import { HOST_LOGS, severityOf } from './host-logs.ts';
import { HOSTS } from './hosts.ts';
import { runDirAt } from './run-dir.ts';

describe('the table of hosts', () => {
  it('has linear patterns only', () => {
    for (const { errors, warnings, harmless } of Object.values(HOST_LOGS))
      for (const pattern of [...errors, ...warnings, ...harmless])
        expect([pattern.source, safeRegex(pattern)]).toEqual([pattern.source, true]);
  });

  it.each<[SkillHost, 'error' | 'warning' | null, string]>([
    // OpenSTA 2.0.17
    ['opensta', 'error', 'Error: t.sdc, 2 invalid command name "set_frobnicate"'],
    ['opensta', 'error', 'Error: countr is not a verilog module.'],
    ['opensta', 'error', "Warning: t.sdc, 2 clock arg 'clkk' clock not found."],
    ['opensta', 'error', "Warning: t.sdc, 1 port 'clkk' not found."],
    ['opensta', 'error', "Warning: t.sdc, 5 pin 'no/such' not found."],
    ['opensta', 'error', 'Warning: missing.v, line 35 module NAND9 not found.  Creating black box for _10_.'],
    ['opensta', 'error', 'Warning: counter.v, line 31 instance _0_ port Y not found.'],
    ['opensta', 'error', 'Warning: t.sdc, 7 set_false_path -bogus is not a known keyword or flag.'],
    ['opensta', 'warning', 'Warning: slow.lib, line 23 default_operating_condition tt_025C_1v80 not found.'],
    ['opensta', 'warning', 'Warning: -waveform time greater than two periods.'],
    ['opensta', null, 'Startpoint: _19_ (rising edge-triggered flip-flop clocked by clk)'],
    // documented forms of later versions
    ['opensta', 'error', "Warning 366: t.sdc line 1, port 'clkk' not found."],
    ['opensta', 'error', '[ERROR STA-0562] t.sdc line 3, invalid command name'],
    // Yosys 0.23
    ['yosys', 'error', "a path/x.v:3: ERROR: Can't resolve task name `$foo'."],
    ['yosys', 'error', "Warning: Complex async reset for dff `\\q'."],
    ['yosys', 'error', "Warning: Ignoring module m because it contains processes (run 'proc' command first)."],
    ['yosys', 'warning', 'Warning: Resizing cell port top.u.a from 4 bits to 8 bits.'],
    ['yosys', null, 'Warnings: 1 unique messages, 1 total'],
    ['yosys', null, 'Found and reported 0 problems.'],
    // Magic 8.3.105
    ['magic', 'error', "Cell missingcell couldn't be read"],
    ['magic', 'error', "File nosuch.mag couldn't be read"],
    ['magic', 'error', 'Cell top has technology "scmos", but current technology is "minimum"'],
    ['magic', null, 'Total DRC errors found: 0'],
    // Netgen 1.5.133
    ['netgen', 'error', 'Call to undefined subcircuit undefinedsub'],
    ['netgen', 'error', 'Error in SPICE file read: No file nosuch.spice'],
    ['netgen', 'warning', "Warning: netgen command 'global' use fully-qualified name '::netgen::global'"],
    ['netgen', null, 'Circuits match uniquely.'],
    // Innovus 21, from its documentation
    ['innovus', 'error', '**ERROR: (IMPSYT-16013):\tNo design is loaded.'],
    [
      'innovus',
      'error',
      "**WARN: (TCLCMD-513): The software could not find a matching object of the specified type for the pattern 'clk'",
    ],
    ['innovus', 'error', "**WARN: (IMPDB-2504): Cell 'X' is instantiated in the Verilog netlist, but is not defined."],
    ['innovus', 'warning', '**WARN: (IMPOPT-801): Genus executable not found'],
    ['innovus', null, '*** Message Summary: 2 warning(s), 0 error(s)'],
    ['tclsh', 'error', 'Error: nothing to report'],
    ['tclsh', null, 'errors 0'],
  ])('%s: %s: %s', (host, severity, line) => {
    expect(severityOf(line, HOST_LOGS[host])).toBe(severity);
  });
});

describe('reading a log', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'genrtl-host-log-'));
    await mkdir(path.join(folder, 'session'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = async (
    stdout: string,
    options: { run?: number; allowed?: { pattern: string; reason: string }[] } = {},
  ) => {
    const dir = runDirAt(folder);
    await writeFile(path.join(folder, 'session', 'opensta.stdout.log'), stdout);
    return readHostLog(
      dir,
      HOSTS.opensta,
      '20261128-000000-probe-000000',
      [
        { requestId: '0001_restore', offsets: { stdout: 12, stderr: 0 } },
        { requestId: '0002_run', offsets: { stdout: options.run ?? stdout.length, stderr: 0 } },
      ],
      options.allowed ?? [],
    );
  };
  // twelve bytes that came before the first request
  const BANNER = 'Error: boot\n';

  it('leaves out what came before the first request, and tells restore from run', async () => {
    const restored = `${BANNER}Error: in restore\r\n`;
    const record = await read(`${restored}fine\nError: in the script`, { run: restored.length });
    expect(record).toMatchObject({ errors: 2, warnings: 0, left_out: 0 });
    expect(record.lines.map((line) => [line.request_id, line.line, line.text])).toEqual([
      ['0001_restore', 2, 'Error: in restore'],
      ['0002_run', 4, 'Error: in the script'],
    ]);
    expect(hostLogFault(record, HOSTS.opensta)).toMatchObject({ type: 'RESTORE_FAIL' });
    expect(hostLogFault(await read(`${BANNER}x\nError: y`, { run: 14 }), HOSTS.opensta)).toMatchObject({
      type: 'LOG_ERROR',
    });
  });

  it('bears a line that the contract allows, counts it and keeps its reason', async () => {
    const allowed = [{ pattern: "port 'scan_en' not found", reason: 'designs without scan have no such port' }];
    const text = `${BANNER}Warning: t.sdc, 1 port 'scan_en' not found.\nWarning: t.sdc, 2 port 'clk' not found.\n`;
    const record = await read(text, { allowed });
    expect(record).toMatchObject({ errors: 1, allowed: [{ lines: 1 }] });
    expect(record.lines.map((line) => line.allowed)).toEqual([null, 'designs without scan have no such port']);
    expect(hostLogFault(record, HOSTS.opensta)?.message).toContain("port 'clk'");
  });

  it('counts what it does not keep, in a log of any size', async () => {
    const record = await read(
      `${BANNER}${`Error: ${'x'.repeat(9000)}\n`.repeat(300)}${'y'.repeat(400_000)}\nError: z\n`,
    );
    expect(record).toMatchObject({ errors: 301, left_out: 101 });
    expect(record.lines.every((line) => line.text.length <= 1000)).toBe(true);
  });
});

describe('allowed lines of a contract', () => {
  const findings = (pattern: string) =>
    checkContract(
      SkillContract.parse({
        schema_version: 1,
        name: 'probe',
        version: '1.0.0',
        title: 't',
        description: 'd',
        host: 'opensta',
        outputs: { required: [{ path: 'reports/a.txt' }] },
        allowed_log_lines: [{ pattern, reason: 'designs without scan have no such port' }],
      }),
    ).map((finding) => finding.path.join('.'));

  it('must name the line that is meant', () => {
    expect(findings("port 'scan_en' not found")).toEqual([]);
    for (const blanket of ['.', '.*', '^Warning', 'not found', 'Error', '^', '(', '(a+)+$'])
      expect([blanket, findings(blanket)]).toEqual([blanket, ['allowed_log_lines.0.pattern']]);
  });

  it('need a reason', () => {
    expect(SkillContract.shape.allowed_log_lines.safeParse([{ pattern: 'x', reason: 'ok' }]).success).toBe(false);
  });
});
