// The runner against real processes: ones that hang, flood, fork, ignore signals, fill the disk and hide their
// children.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ToolRunRecord } from '@genrtl/contracts';
import type { ToolAdapter } from '../adapter.ts';
import { shell } from './fixtures/shell-adapter.ts';
import { runTool } from './index.ts';
import type { RunToolRequest } from './index.ts';
import type { ConfinementMode } from './sandbox/index.ts';

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'genrtl runner ü-'));
  writeFileSync(join(workspace, 'a.sv'), 'module a; endmodule\n');
});
afterEach(() => {
  rmSync(workspace, { recursive: true, force: true });
});

const run = (adapter: ToolAdapter, more: Partial<RunToolRequest> = {}) =>
  runTool({
    adapter,
    action: 'lint',
    workspace,
    sources: ['a.sv'],
    runDir: join(workspace, '.genRTL/runs/j/lint_1'),
    ...more,
  });

const runFile = (name: string): string => join(workspace, '.genRTL/runs/j/lint_1', name);

/** Process ids whose environment holds a marker that the script set. */
function survivors(mark: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        return readFileSync(`/proc/${entry}/environ`, 'latin1').includes(mark);
      } catch {
        return false;
      }
    });
}

const STUBBORN = (mark: string) => `export MARK=${mark}; trap '' TERM INT HUP
  (trap '' TERM; while :; do sleep 1; done) &
  setsid sh -c "trap '' TERM; while :; do sleep 1; done" &
  echo started; while :; do sleep 1; done`;

it('leaves nothing in the temporary folder, although make cannot work in this workspace', async () => {
  const before = process.env['TMPDIR'];
  const own = mkdtempSync(join(tmpdir(), 'genrtl-runner-tmp-'));
  process.env['TMPDIR'] = own;
  try {
    expect((await run(shell('echo done'), { confinement: { mode: 'off' } })).verdict).toBe('pass');
    expect(readdirSync(own)).toEqual([]);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(own, { recursive: true, force: true });
  }
});

describe.each<ConfinementMode>(['required', 'off'])('stopping, with confinement %s', (mode) => {
  const confinement = { mode };
  it('cancels a tool that ignores SIGTERM, forks and leaves its process group', async () => {
    const mark = `stubborn-${process.pid}-${mode}-cancel`;
    const abort = new AbortController();
    const result = await run(shell(STUBBORN(mark)), {
      confinement,
      signal: abort.signal,
      onOutput: (_stream, text) => {
        if (text.includes('started')) setTimeout(() => abort.abort(), 50);
      },
    });
    expect(result.verdict).toBe('cancelled');
    expect(survivors(mark)).toEqual([]);
  });

  it('does not start a tool when it is cancelled before', async () => {
    const result = await run(shell('touch ran'), { confinement, signal: AbortSignal.abort() });
    expect(result.verdict).toBe('cancelled');
    expect(existsSync(join(workspace, 'ran'))).toBe(false);
  });

  it('stops at the time-out', async () => {
    const mark = `stubborn-${process.pid}-${mode}-timeout`;
    const result = await run(shell(STUBBORN(mark)), { confinement, limits: { timeoutMs: 1_000 } });
    expect(result.verdict).toBe('timeout');
    expect(survivors(mark)).toEqual([]);
    expect(readFileSync(runFile('raw_stdout.log'), 'utf8')).toBe('started\n');
  });

  it('stops a silent tool at the idle time-out, and not one that talks', async () => {
    expect((await run(shell('echo a; sleep 5'), { confinement, limits: { idleTimeoutMs: 400 } })).verdict).toBe(
      'idle_timeout',
    );
    expect(
      (
        await run(shell('for i in 1 2 3 4 5 6; do echo $i; sleep 0.1; done'), {
          confinement,
          limits: { idleTimeoutMs: 3000 },
        })
      ).verdict,
    ).toBe('pass');
  });

  it('returns although a forgotten child still holds the pipes', async () => {
    const started = performance.now();
    const result = await run(shell('echo done; setsid sleep 30 & exit 0'), { confinement });
    expect(performance.now() - started).toBeLessThan(25_000);
    expect(result.verdict).toBe('pass');
  });
});

describe('output', () => {
  it('stops a flood at its limit, keeps head and tail, and stays small in memory', async () => {
    const before = process.memoryUsage().rss;
    const result = await run(shell('echo first; yes "a line of a flood that never ends"'), {
      limits: { outputBytes: 400_000_000, keepBytes: 200_000 },
    });
    expect(result.verdict).toBe('output_limit');
    const { size } = statSync(runFile('raw_stdout.log'));
    expect(size).toBeLessThan(201_000);
    const log = readFileSync(runFile('raw_stdout.log'), 'utf8');
    expect(log.startsWith('first\n')).toBe(true);
    expect(log).toMatch(/\[genrtl: \d+ bytes dropped here\]/);
    expect(result.record.stdout_bytes).toBeGreaterThan(400_000_000);
    expect(result.record.dropped_bytes).toBe(result.record.stdout_bytes - 200_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  }, 30_000);

  it('keeps the end of a log that is longer than what is kept', async () => {
    await run(shell('seq 1 100000; echo the end'), { limits: { keepBytes: 4_000 } });
    const log = readFileSync(runFile('raw_stdout.log'), 'utf8');
    expect(log.startsWith('1\n2\n3\n')).toBe(true);
    expect(log.endsWith('99999\n100000\nthe end\n')).toBe(true);
  });

  it('counts exactly and keeps at most 10,000 diagnostics, errors before warnings', async () => {
    const result = await run(
      shell(
        'i=0; while [ $i -lt 12 ]; do seq -f "a.sv:%.0f: warning: w" 1 1000; i=$((i+1)); done; echo "a.sv:7: error: the one that matters"',
      ),
    );
    expect(result.counts).toEqual({ error: 1, warning: 12_000, info: 0 });
    expect(result.diagnostics).toHaveLength(10_000);
    expect(result.diagnostics.at(-1)).toMatchObject({ severity: 'error', line: 7 });
  });

  it('reads bytes that are no UTF-8', async () => {
    const result = await run(shell(`printf 'a.sv:3: error: \\351\\377 na\\303\\257ve\\n'`));
    expect(result.diagnostics[0]).toMatchObject({ line: 3, severity: 'error' });
    expect(readFileSync(runFile('raw_stdout.log')).includes(Buffer.from([0xe9, 0xff]))).toBe(true);
  });
});

describe('the environment', () => {
  it('holds no key and no secret of the app', async () => {
    await run(shell('env'), {
      env: {
        ...process.env,
        OPENAI_API_KEY: 'sk-secret',
        DATABASE_URL: 'postgres://u:p@h/d',
        GENRTL_HOME: '/x',
        SNPSLMD_LICENSE_FILE: '27000@lic',
        MY_TOKEN: 'tok-secret',
      },
    });
    const env = readFileSync(runFile('raw_stdout.log'), 'utf8');
    expect(env).not.toMatch(/secret|postgres|GENRTL_HOME/);
    expect(env).toContain('SNPSLMD_LICENSE_FILE=27000@lic');
    expect(env).toContain('LC_ALL=C.UTF-8');
  });
});

describe('verdicts', () => {
  it('tells a missing tool', async () => {
    const adapter = { ...shell(''), detect: () => Promise.resolve(null) };
    const result = await run(adapter);
    expect(result.verdict).toBe('missing');
    expect(ToolRunRecord.parse(JSON.parse(readFileSync(runFile('tool.json'), 'utf8')))).toMatchObject({
      verdict: 'missing',
      commands: [],
    });
  });

  it('does not take an old artefact for a new one', async () => {
    const artefact = '.genRTL/runs/j/lint_1/out.bin';
    mkdirSync(join(workspace, '.genRTL/runs/j/lint_1'), { recursive: true });
    writeFileSync(join(workspace, artefact), 'from before');
    expect((await run(shell('exit 0', { artefact }))).verdict).toBe('unknown');
    expect((await run(shell(`echo new > ${artefact}`, { artefact }))).verdict).toBe('pass');
  });

  it.each([
    ['echo PASS; echo "tb.sv:1: \\$finish called at 5 (1ns)"', 'pass'],
    ['echo PASS', 'unknown'],
    ['echo "tb.sv:1: \\$finish called at 5 (1ns)"', 'unknown'],
    ['echo PASS; echo FAIL signal=q time=12; echo "tb.sv:1: \\$finish called at 5 (1ns)"', 'fail'],
    ['echo PASS; echo ERROR: something; echo "tb.sv:1: \\$finish called at 5 (1ns)"', 'fail'],
    ['echo " PASS"; echo "tb.sv:1: \\$finish called at 5 (1ns)"', 'unknown'],
    ['echo PASS; kill -SEGV $$', 'crashed'],
  ])('%s is %s', async (script, verdict) => {
    expect((await run(shell(script), { action: 'simulate', top: 'tb' })).verdict).toBe(verdict);
  });

  it('turns a failing check into a test result with signal and time', async () => {
    const result = await run(shell('echo "FAIL signal=tx time=125"'), { action: 'simulate', top: 'tb_x' });
    expect(result.tests).toEqual([
      expect.objectContaining({
        name: 'tb_x',
        kind: 'testbench',
        passed: false,
        failures: [{ signal: 'tx', time: '125 ns', message: 'FAIL signal=tx time=125' }],
      }),
    ]);
  });

  it('waits for a licence beyond the time-out, and gives up at the licence limit', async () => {
    const states: string[] = [];
    const granted = await run(
      shell('echo "Waiting for license: VCSRuntime_Net"; sleep 0.5; echo "License granted"; echo ok'),
      { limits: { timeoutMs: 300 }, onState: (state) => states.push(state) },
    );
    expect(granted.verdict).toBe('pass');
    expect(states).toEqual(['running', 'licence_wait', 'running']);
    const never = await run(shell('echo "Waiting for license: VCSRuntime_Net"; sleep 9'), {
      limits: { licenceWaitMs: 200 },
    });
    expect(never.verdict).toBe('license_wait');
  });
});

describe('the record', () => {
  it('names commands, hashes of everything read and exact counts, and fits the contract', async () => {
    mkdirSync(join(workspace, 'inc dir'));
    writeFileSync(join(workspace, 'inc dir/defs.vh'), '`define W 8\n');
    writeFileSync(
      join(workspace, 'b.sv'),
      '`include "defs.vh"\nmodule b; reg m[1:0]; initial $readmemh("rom.hex", m); endmodule\n',
    );
    writeFileSync(join(workspace, 'rom.hex'), '00\n');
    writeFileSync(join(workspace, 'files.f'), '// list\n"b.sv" +incdir+"inc dir"\n');
    await run(shell('echo "b.sv:1: warning: w" >&2'), { filelists: ['files.f'] });
    const record = ToolRunRecord.parse(JSON.parse(readFileSync(runFile('tool.json'), 'utf8')));
    expect(Object.keys(record.inputs).sort()).toEqual(['a.sv', 'b.sv', 'inc dir/defs.vh', 'rom.hex']);
    expect(record).toMatchObject({
      verdict: 'pass',
      diagnostics_total: { error: 0, warning: 1, info: 0 },
      stderr_bytes: 19,
    });
    expect(JSON.parse(readFileSync(runFile('diagnostics.json'), 'utf8'))).toEqual([
      { tool: 'icarus', severity: 'warning', message: 'w', file: 'b.sv', line: 1 },
    ]);
  });

  it('refuses sources that are missing and lists with options', async () => {
    await expect(run(shell('true'), { sources: ['nowhere.sv'] })).rejects.toMatchObject({ code: 'USAGE' });
    writeFileSync(join(workspace, 'bad.f'), '-timescale 1ns/1ps a.sv');
    await expect(run(shell('true'), { filelists: ['bad.f'] })).rejects.toMatchObject({ code: 'USAGE' });
    writeFileSync(join(workspace, 'loop.f'), '-f loop.f');
    await expect(run(shell('true'), { filelists: ['loop.f'] })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('says DISK_FULL, and stops the tool', async (context) => {
    const disk = join(workspace, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status === 0;
    if (!mounted) {
      context.skip('mounting a small disk needs root');
      return;
    }
    try {
      await expect(
        runTool({ adapter: shell('yes'), action: 'lint', workspace, sources: ['a.sv'], runDir: join(disk, 'run') }),
      ).rejects.toMatchObject({ code: 'DISK_FULL' });
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });
});
