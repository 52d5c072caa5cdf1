// The failure taxonomy, each class provoked for real: right error_type, complete bundle, nothing left running.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LauncherSettings } from '@genrtl/contracts/skill-run.ts';
import { SKILL_FAILURES, type SkillErrorType } from '@genrtl/contracts/skill-failures.ts';
import { resumeSkillJob, runSkillJob, type RunSkillOptions } from '../../main/skills/index.ts';
import { runJob } from '../../main/skills/orchestrator.ts';
import { environmentOf, jobRequestOf } from '../../main/skills/options.ts';
import {
  eventsOf,
  expectFailure,
  GOOD_TEMPLATE,
  hasTool,
  manifestOf,
  QUICK,
  Sandbox,
  sessionProcesses,
  STAND_IN,
  STAND_IN_DATABASES,
  type TestSkill,
} from './fixture.ts';

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.create();
});
afterEach(() => box.remove());

const provoked = new Set<SkillErrorType>();

interface Provocation {
  skill?: TestSkill;
  run?: Partial<RunSkillOptions>;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  at?: { event: string; state?: string; act: (runDir: string) => void };
}

/** Runs one skill, expects the class, and looks at everything that a failure must leave and must not leave. */
async function provoke(type: SkillErrorType, { skill, run, env, signal, at }: Provocation) {
  if (run?.skill === undefined) await box.skill(skill);
  let done = false;
  const result = await runSkillJob(
    { skill: skill?.name ?? 'probe', ...QUICK, ...run },
    box.context({
      ...(env ? { env: { ...process.env, ...env } } : {}),
      ...(signal ? { signal } : {}),
      onEvent: (event, runDir) => {
        if (done || at?.event !== event.event || (at.state !== undefined && at.state !== event.state)) return;
        done = true;
        at.act(runDir);
      },
    }),
  );
  expect([result.error_type, result.error?.message]).toEqual([type, result.error?.message]);
  const index = await expectFailure(result.run_dir, type);
  expect(sessionProcesses(result.job_id)).toEqual([]);
  provoked.add(type);
  return { result, index };
}

describe('inputs', () => {
  it('PARAMETER_INVALID names the parameter', async () => {
    const { result } = await provoke('PARAMETER_INVALID', {
      skill: {
        contract: {
          parameters: { type: 'object', additionalProperties: false, properties: { top: { type: 'string' } } },
        },
      },
      run: { parameters: { top: 3, tpo: 'x' } },
    });
    expect(result.error?.message).toMatch(/top must be string/);
    expect(result.error?.message).toMatch(/tpo/);
  });

  it('PARAMETER_INVALID for an input file that is not there', async () => {
    const parameters = { type: 'object', properties: { lib: { type: 'string', format: 'input-file' } } };
    await provoke('PARAMETER_INVALID', { skill: { contract: { parameters } }, run: { parameters: { lib: 'no.lib' } } });
  });

  it('CONTRACT_INVALID keeps the contract in the bundle', async () => {
    const { index } = await provoke('CONTRACT_INVALID', { skill: { contract: { outputs: { required: [] } } } });
    expect(index.files.map((file) => file.path)).toContain('session/contract.rejected.yaml');
  });

  it('RUN_DIR_FAIL when a file stands where a folder must be', async () => {
    await provoke('RUN_DIR_FAIL', {
      at: { event: 'STATE_ENTERED', state: 'INIT', act: (runDir) => writeFileSync(path.join(runDir, 'reports'), '') },
    });
  });

  it('emoji in the design’s name, in a parameter and in every path of a tclsh skill', async () => {
    const place = box.at('命令 😀');
    mkdirSync(place);
    writeFileSync(path.join(place, '🙂.tcldb'), 'cells 7');
    writeFileSync(path.join(place, '🙂.v'), '7');
    await box.skill({
      database: { required: true, forms: ['tcl_dict'] },
      contract: {
        parameters: {
          type: 'object',
          properties: { note: { type: 'string' }, source: { type: 'string', format: 'input-file' } },
        },
      },
      template:
        '::skillpilot::write_report out.txt "value [dict get $::db cells]\nname $::design $::param(note) [file exists $::param(source)]"\n',
    });
    const result = await runSkillJob(
      {
        skill: 'probe',
        design: 'cpu 🚀',
        database: path.join(place, '🙂.tcldb'),
        parameters: { note: '🧪', source: path.join(place, '🙂.v') },
        ...QUICK,
      },
      { ...box.context(), runRoot: path.join(place, 'runs') },
    );
    expect([result.status, result.error?.message]).toEqual(['DONE', undefined]);
    expect(readFileSync(path.join(result.run_dir, 'reports', 'out.txt'), 'utf8')).toBe('value 7\nname cpu 🚀 🧪 1\n');
    expect(readFileSync(path.join(result.run_dir, 'summary.md'), 'utf8')).toContain('cpu 🚀');
  });

  it('a tool that cannot open a path with emoji is not started, and the path is named', async () => {
    if (!hasTool('yosys')) return void process.stderr.write('skip: Yosys (not installed)\n');
    writeFileSync(box.at('🙂.v'), 'module a(input x, output y); assign y = x; endmodule');
    mkdirSync(box.at('命令'));
    copyFileSync(box.at('🙂.v'), box.at('命令', '設計.v'));
    const run = (folder: string, source: string, more: Partial<RunSkillOptions> = {}) =>
      runSkillJob(
        { skill: 'synth_stat', parameters: { top: 'a', sources: [source] }, ...QUICK, ...more },
        { ...box.context(), skillFolders: undefined, runRoot: box.at(folder) },
      );
    for (const [folder, source, named] of [
      ['runs', '🙂.v', '🙂.v'],
      ['😀', '命令/設計.v', 'run directory'],
    ] as const) {
      const result = await run(folder, box.at(source));
      await expectFailure(result.run_dir, 'PARAMETER_INVALID');
      expect(result.error?.message).toContain(named);
    }
    const database = await run('runs', box.at('命令/設計.v'), { parameters: { top: 'a' }, database: box.at('🙂.v') });
    expect(database.error).toMatchObject({ error_type: 'PARAMETER_INVALID' });
    expect((await run('運行', box.at('命令/設計.v'))).status).toBe('DONE');
  });

  it('DB_NOT_FOUND', async () => {
    await provoke('DB_NOT_FOUND', {
      skill: { database: { required: true, forms: ['tcl_dict'] } },
      run: { database: 'nowhere' },
    });
  });

  it('DB_INCOMPLETE says what is missing', async () => {
    writeFileSync(box.at('cpu.enc'), '');
    const { result } = await provoke('DB_INCOMPLETE', {
      skill: { host: 'innovus', database: { required: true, forms: ['innovus_enc'] } },
      run: { database: 'cpu' },
    });
    expect(result.error?.message).toContain('cpu.enc.dat does not exist');
  });
});

describe('sessions', () => {
  it('TOOL_MISSING', async () => {
    await provoke('TOOL_MISSING', { run: { tool: '/nowhere/tclsh' } });
  });

  it('TOOL_MISSING for a file that cannot be executed as what it is', async () => {
    await provoke('TOOL_MISSING', { run: { tool: await box.executable('tclsh', '#!/nowhere/interpreter\n') } });
  });

  it('TOOL_MISSING for what GENRTL_TOOL_<HOST> names; --tool wins over it', async () => {
    const env = { GENRTL_TOOL_TCLSH: '/nowhere/else' };
    const { result } = await provoke('TOOL_MISSING', { env });
    expect(result.error?.message).toContain('/nowhere/else');
    expect(
      (await runSkillJob({ skill: 'probe', tool: 'tclsh', ...QUICK }, box.context({ env: { ...process.env, ...env } })))
        .status,
    ).toBe('DONE');
  });

  it('LAUNCHER_MISSING', async () => {
    await provoke('LAUNCHER_MISSING', { run: { launcher: { id: 'lsf' } }, env: { PATH: box.at('bin') } });
  });

  it('LAUNCH_FAIL with what the scheduler said', async () => {
    await box.executable('bsub', '#!/bin/sh\necho "nosuch: No such queue. Job not submitted." >&2\nexit 255\n');
    const { result } = await provoke('LAUNCH_FAIL', {
      run: { launcher: { id: 'lsf', queue: 'nosuch' } },
      env: { PATH: `${box.at('bin')}:${process.env['PATH'] ?? ''}` },
    });
    expect(result.error?.message).toContain('No such queue');
  });

  it('QUEUE_TIMEOUT', async () => {
    await box.executable('bsub', '#!/bin/sh\nexec sleep 60\n');
    await provoke('QUEUE_TIMEOUT', {
      run: { launcher: { id: 'lsf', queue_timeout_s: 0.5 } },
      env: { PATH: `${box.at('bin')}:${process.env['PATH'] ?? ''}` },
    });
  });

  it('START_TIMEOUT', async () => {
    await provoke('START_TIMEOUT', {
      skill: { timeouts: { start_s: 0.5 } },
      run: { tool: await box.executable('tclsh', '#!/bin/sh\nexec sleep 60\n') },
    });
  });

  it('LICENSE_UNAVAILABLE', async () => {
    await provoke('LICENSE_UNAVAILABLE', {
      run: { skill: 'power_report', database: 'cpu_route', searchPaths: [STAND_IN_DATABASES], tool: STAND_IN },
      env: { INNOVUS_STAND_IN: 'no_licence' },
    });
  });

  it('TOOL_CRASH with the signal', async () => {
    const { result } = await provoke('TOOL_CRASH', { skill: { template: 'exec kill -SEGV [pid]\nafter 1000\n' } });
    expect(result.error?.message).toContain('SIGSEGV');
  });

  it('INNOVUS_CRASH', async () => {
    await provoke('INNOVUS_CRASH', {
      run: { skill: 'power_report', database: 'cpu_route', searchPaths: [STAND_IN_DATABASES], tool: STAND_IN },
      env: { INNOVUS_STAND_IN: 'crash_on:report_power' },
    });
  });

  it('TOOL_EXITED for a script that calls exit', async () => {
    await provoke('TOOL_EXITED', { skill: { template: 'exit 0\n' } });
  });

  it('HEARTBEAT_LOST for a script that computes for ever', async () => {
    await provoke('HEARTBEAT_LOST', { skill: { template: 'while 1 {}\n', timeouts: { silence_s: 0.6 } } });
  });

  it('HEARTBEAT_LOST for a stopped process, which is ended all the same', async () => {
    await provoke('HEARTBEAT_LOST', { skill: { template: 'exec kill -STOP [pid]\n', timeouts: { silence_s: 0.6 } } });
  });

  it('ACK_TIMEOUT for a script that lives on and on', async () => {
    await provoke('ACK_TIMEOUT', {
      skill: { template: 'while 1 { after 20; ::skillpilot::alive }\n', timeouts: { run_s: 0.6, silence_s: 5 } },
    });
  });

  it('LOG_LIMIT stops a chatterbox', async () => {
    const { result } = await provoke('LOG_LIMIT', {
      skill: { template: 'while 1 { puts [string repeat chatter 1000]; ::skillpilot::beat_if_due }\n' },
      run: { maxLogBytes: 100_000 },
    });
    expect(existsSync(path.join(result.run_dir, 'session', 'tclsh.stdout.log'))).toBe(true);
  });

  it('CANCELLED ends the tool at once', async () => {
    const abort = new AbortController();
    const started = performance.now();
    await provoke('CANCELLED', {
      skill: { template: 'after 60000\n' },
      signal: abort.signal,
      at: { event: 'STATE_ENTERED', state: 'RUN_SKILL', act: () => setTimeout(() => abort.abort(), 100) },
    });
    expect(performance.now() - started).toBeLessThan(50_000);
  });

  it('kills what a tool has put into sessions of its own', async () => {
    await box.skill({
      template:
        'exec setsid sh -c {sleep 300 & sleep 301 & wait} >/dev/null 2>/dev/null </dev/null &\nerror "and then this"\n',
    });
    const result = await runSkillJob({ skill: 'probe', ...QUICK }, box.context());
    expect(result.error_type).toBe('SCRIPT_ERROR');
    expect(sessionProcesses(result.job_id)).toEqual([]);
    expect((await eventsOf(result.run_dir)).map((event) => event.event)).toContain('ORPHANS_KILLED');
  });
});

describe('requests', () => {
  it('RESTORE_FAIL for a damaged database, before the skill ran', async () => {
    mkdirSync(box.at('db', 'cpu.enc.dat'), { recursive: true });
    writeFileSync(box.at('db', 'cpu.enc'), 'restoreDesign cpu.enc.dat cpu\n');
    writeFileSync(box.at('db', 'cpu.enc.dat', 'cpu.stand_in'), 'top {cpu');
    const { result } = await provoke('RESTORE_FAIL', {
      run: { skill: 'power_report', database: 'cpu', tool: STAND_IN },
    });
    expect(result.error?.message).toContain('IMPIMEX-7040');
    expect(existsSync(path.join(result.run_dir, 'queue', '0002_run.json'))).toBe(false);
    const again = execFileSync(
      '/bin/sh',
      [path.join(result.run_dir, 'debug_bundle', 'reproduce.sh'), box.at('again')],
      { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } },
    );
    expect(again).toContain('IMPIMEX-7040');
    const events = await eventsOf(result.run_dir);
    expect(events.find((event) => event.event === 'RESTORE_AUDIT')?.data).toMatchObject({
      source_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it('SCRIPT_ERROR with the script’s line, and reproduce.sh shows the same without genRTL', async () => {
    const { result } = await provoke('SCRIPT_ERROR', {
      skill: { template: 'set a 1\n\nerror "no [string cat clock s]"\n' },
    });
    expect(result.error?.message).toMatch(/^no clocks \(scripts\/probe\.tcl line \d+\)$/);
    const line = Number(/line (\d+)/.exec(result.error?.message ?? '')?.[1]);
    expect(readFileSync(path.join(result.run_dir, 'scripts', 'probe.tcl'), 'utf8').split('\n')[line - 1]).toContain(
      'error "no',
    );
    const folder = box.at("moved it's");
    renameSync(path.join(result.run_dir, 'debug_bundle'), folder);
    rmSync(result.run_dir, { recursive: true });
    const output = execFileSync('/bin/sh', [path.join(folder, 'reproduce.sh'), box.at('again $x [y]')], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '' },
    });
    expect(output).toContain('no clocks');
    const ack = JSON.parse(readFileSync(box.at('again $x [y]', 'ack', '0002_run.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(ack).toMatchObject({ status: 'FAIL', message: 'no clocks', error_line: line });
  });

  it('LOG_ERROR for a tool that prints an error and goes on; an allowed line is borne, with its reason in the evidence', async () => {
    const template = `puts "Error: no clock named clk2"\n${GOOD_TEMPLATE}`;
    const { result, index } = await provoke('LOG_ERROR', { skill: { template } });
    expect(result.error?.message).toContain('Error: no clock named clk2');
    expect(index.files.map((file) => file.path)).toContain('session/host_log.json');
    const allowed = [{ pattern: 'no clock named clk2', reason: 'small designs have one clock only' }];
    await box.skill({ template, contract: { allowed_log_lines: allowed } });
    const borne = await runSkillJob({ skill: 'probe', ...QUICK }, box.context());
    expect(borne.status).toBe('DONE');
    expect(JSON.parse(readFileSync(path.join(borne.run_dir, 'summary.json'), 'utf8'))).toMatchObject({
      host_log: { warnings: 0, allowed: [{ ...allowed[0], lines: 1 }] },
    });
    expect(readFileSync(path.join(borne.run_dir, 'summary.md'), 'utf8')).toContain('small designs have one clock only');
  });

  it('SCRIPT_REFUSED for a script that became a link to the very same text', async () => {
    await provoke('SCRIPT_REFUSED', {
      at: {
        event: 'STATE_ENTERED',
        state: 'RUN_SKILL',
        act: (runDir) => {
          const script = path.join(runDir, 'scripts', 'probe.tcl');
          copyFileSync(script, box.at('same.tcl'));
          rmSync(script);
          symlinkSync(box.at('same.tcl'), script);
        },
      },
    });
  });

  it('SCRIPT_CHANGED for a script that changed after it was hashed, which does not run', async () => {
    const { result } = await provoke('SCRIPT_CHANGED', {
      at: {
        event: 'STATE_ENTERED',
        state: 'START_SESSION',
        act: (runDir) =>
          appendFileSync(path.join(runDir, 'scripts', 'probe.tcl'), `close [open ${box.at('pwned')} w]\n`),
      },
    });
    expect(existsSync(box.at('pwned'))).toBe(false);
    expect(readdirSync(path.join(result.run_dir, 'reports'))).toEqual([]);
  });

  it('REQUEST_INVALID for a request file that was replaced by a link', async () => {
    await provoke('REQUEST_INVALID', {
      run: { pollMs: 400 },
      at: {
        event: 'STATE_ENTERED',
        state: 'RUN_SKILL',
        act: (runDir) => {
          const request = path.join(runDir, 'queue', '0002_run.json');
          const watcher = watch(path.join(runDir, 'queue'), () => {
            if (!existsSync(request)) return;
            watcher.close();
            renameSync(request, box.at('elsewhere.json'));
            symlinkSync(box.at('elsewhere.json'), request);
          });
        },
      },
    });
  });

  it('a request that somebody put there first is not overwritten', async () => {
    const { result } = await provoke('RUN_DIR_FAIL', {
      at: {
        event: 'STATE_ENTERED',
        state: 'RUN_SKILL',
        act: (runDir) => writeFileSync(path.join(runDir, 'queue', '0002_run.json'), 'theirs'),
      },
    });
    expect(readFileSync(path.join(result.run_dir, 'queue', '0002_run.json'), 'utf8')).toBe('theirs');
  });

  it.each<[string, string, (runDir: string) => void]>([
    [
      'a copy of the request',
      'queue/0003_again.json',
      (runDir) =>
        copyFileSync(path.join(runDir, 'queue', '0002_run.json'), path.join(runDir, 'queue', '0003_again.json')),
    ],
    [
      'a link in queue/',
      'queue/0050_x.json',
      (runDir) => symlinkSync('0002_run.json', path.join(runDir, 'queue', '0050_x.json')),
    ],
    ['a folder in queue/', 'queue/0051_y.json', (runDir) => mkdirSync(path.join(runDir, 'queue', '0051_y.json'))],
    [
      'an acknowledgement of nothing',
      'ack/0007_z.json',
      (runDir) => writeFileSync(path.join(runDir, 'ack', '0007_z.json'), '{}'),
    ],
  ])('REQUEST_INVALID for %s, which is named and does not run', async (_, named, act) => {
    const { result, index } = await provoke('REQUEST_INVALID', {
      skill: {
        template: `set f [open [file join $::skillpilot::setting(run_dir) reports count.txt] a]\nputs $f x\nclose $f\nafter 150\n${GOOD_TEMPLATE}`,
      },
      at: {
        event: 'STATE_ENTERED',
        state: 'RUN_SKILL',
        act: (runDir) => {
          const watcher = watch(path.join(runDir, 'reports'), () => {
            watcher.close();
            act(runDir);
          });
        },
      },
    });
    expect(result.error?.message).toContain(named);
    expect(readFileSync(path.join(result.run_dir, 'reports', 'count.txt'), 'utf8')).toBe('x\n');
    expect(index.error.evidence_paths).toContain(named);
  });

  it('ACK_INVALID for a half-written acknowledgement', async () => {
    const template =
      'set f [open [file join $::skillpilot::setting(run_dir) ack 0002_run.json] w]\nputs -nonewline $f "{\\"schema_ver"\nclose $f\nafter 60000\n';
    await provoke('ACK_INVALID', { skill: { template } });
  });
});

describe('outputs', () => {
  it('OUTPUT_MISSING', async () => {
    await provoke('OUTPUT_MISSING', { skill: { template: 'set a 1\n' } });
  });
  it('OUTPUT_EMPTY', async () => {
    await provoke('OUTPUT_EMPTY', { skill: { template: 'close [open [::skillpilot::report out.txt] w]\n' } });
  });
  it('OUTPUT_INVALID', async () => {
    await provoke('OUTPUT_INVALID', {
      skill: {
        contract: {
          outputs: {
            required: [{ path: 'reports/out.txt', checks: [{ type: 'range', pattern: '^value (\\d+)', max: 41 }] }],
          },
        },
      },
    });
  });
  it('METRIC_MISSING', async () => {
    await provoke('METRIC_MISSING', { skill: { template: '::skillpilot::write_report out.txt "volume 42"\n' } });
  });
});

describe('the disk and ourselves', () => {
  const mountable = ((): boolean => {
    try {
      mkdirSync('/tmp/genrtl-mount-probe', { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', '/tmp/genrtl-mount-probe'], { stdio: 'ignore' });
      execFileSync('umount', ['/tmp/genrtl-mount-probe']);
      return true;
    } catch {
      return false;
    }
  })();
  if (!mountable) process.stderr.write('skip: full disk (needs the right to mount a tmpfs)\n');

  it.skipIf(!mountable).each([
    [
      'the tool’s report',
      'set f [open [::skillpilot::report out.txt] w]\nfor {set i 0} {$i < 400} {incr i} { puts $f [string repeat x 10000] }\nclose $f\n',
    ],
    [
      'the tool’s own log',
      'for {set i 0} {$i < 600} {incr i} { puts [string repeat x 10000]; ::skillpilot::beat_if_due }\nflush stdout\nafter 300\n::skillpilot::write_report out.txt "value 1"\n',
    ],
  ])('DISK_FULL by %s still ends with manifest and bundle', async (_, template) => {
    const disk = box.at('disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
    try {
      await box.skill({ template });
      const result = await runSkillJob({ skill: 'probe', ...QUICK }, box.context({ runRoot: path.join(disk, 'runs') }));
      expect([result.error_type, result.error?.message]).toEqual(['DISK_FULL', result.error?.message]);
      await expectFailure(result.run_dir, 'DISK_FULL');
      expect(sessionProcesses(result.job_id)).toEqual([]);
      provoked.add('DISK_FULL');
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });

  it.skipIf(!mountable)(
    'DISK_FULL before there was anything to run: the supervisor’s own files do not fit',
    async () => {
      const disk = box.at('disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
      try {
        await box.skill();
        const result = await runSkillJob(
          { skill: 'probe', ...QUICK },
          box.context({ runRoot: path.join(disk, 'runs') }),
        );
        expect(result).toMatchObject({ error_type: 'DISK_FULL', error: { state: 'PREPARE_RUNDIR' } });
        await expectFailure(result.run_dir, 'DISK_FULL');
      } finally {
        execFileSync('umount', ['-l', disk]);
      }
    },
  );

  it('INTERNAL for a fault of ours, with everything that a report needs', async () => {
    await box.skill();
    const context = box.context();
    const result = await runJob(box.at('runs'), await jobRequestOf({ skill: 'probe' }, context), {
      ...environmentOf(context),
      startSession: () => Promise.reject(new TypeError('undefined is not a function')),
    });
    expect(result).toMatchObject({ error_type: 'INTERNAL', error: { message: 'undefined is not a function' } });
    await expectFailure(result.run_dir, 'INTERNAL');
    provoked.add('INTERNAL');
  });

  it('SUPERVISOR_LOST for a run directory whose supervisor died; what is finished stays as it is', async () => {
    await box.skill();
    const done = await runSkillJob({ skill: 'probe', ...QUICK }, box.context());
    const manifest = await manifestOf(done.run_dir);
    writeFileSync(
      path.join(done.run_dir, 'job_manifest.json'),
      JSON.stringify({
        ...manifest,
        status: 'RUNNING',
        state: 'RUN_SKILL',
        launcher: LauncherSettings.parse({ id: 'local' }),
      }),
    );
    const summary = readFileSync(path.join(done.run_dir, 'summary.json'));
    expect(await resumeSkillJob(done.job_id, null, box.context())).toMatchObject({
      status: 'FAIL',
      error_type: 'SUPERVISOR_LOST',
    });
    await expectFailure(done.run_dir, 'SUPERVISOR_LOST');
    expect(readFileSync(path.join(done.run_dir, 'summary.json'))).toEqual(summary);
    provoked.add('SUPERVISOR_LOST');
  });

  afterAll(() => {
    // a class that nobody can provoke has no place in the table
    const missing = Object.keys(SKILL_FAILURES).filter(
      (type) => !provoked.has(type as SkillErrorType) && !(type === 'DISK_FULL' && !mountable),
    );
    expect(missing).toEqual([]);
    expect(hasTool('tclsh')).toBe(true);
  });
});
