// Deaths: supervisor, tool, or both, by kill -9 at every state. No orphan, the right class, a whole bundle, nothing
// overwritten.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SkillState } from '@genrtl/contracts/skill-run.ts';
import { resumeSkillBatch, resumeSkillJob, runSkillJob } from '../../main/skills/index.ts';
import {
  eventsOf,
  expectFailure,
  hasTool,
  killQuietly,
  manifestOf,
  QUICK,
  Sandbox,
  sessionProcesses,
} from './fixture.ts';

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.create();
  await box.skill({ database: { required: true, forms: ['tcl_dict'] } });
  writeFileSync(box.at('design.tcldb'), 'cells 42');
});
afterEach(() => box.remove());

/** Starting a supervisor is most of a test's time; the second one finds its code compiled. */
const COMPILE_CACHE = path.join(os.tmpdir(), `genrtl-compile-cache-${process.pid}`);
afterAll(() => rmSync(COMPILE_CACHE, { recursive: true, force: true }));

interface Death {
  event: string;
  state: SkillState;
  who: 'self' | 'tool' | 'both';
  nth?: number;
}

/** Runs the supervisor process until it ends; gives the run directory that it named and how it ended. */
async function supervise(
  killAt: Death | null,
  designs: string[] | null = null,
): Promise<{ runDir: string; signal: NodeJS.Signals | null }> {
  const child = startSupervisor(killAt, designs);
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_, by) => resolve(by)));
  return { runDir: box.at('runs', readdirSync(box.at('runs'))[0] ?? ''), signal };
}

function startSupervisor(killAt: Death | null, designs: string[] | null = null): ChildProcess {
  const orders = JSON.stringify({
    root: box.root,
    runRoot: box.at('runs'),
    skill: 'probe',
    database: 'design',
    pollMs: 10,
    killAt,
    designs,
  });
  return spawn(process.execPath, [path.join(import.meta.dirname, 'supervisor-process.ts'), orders], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
  });
}

/** The tool ends by itself once its supervisor is gone: nobody has to clean up. */
async function expectNoProcess(jobId: string): Promise<void> {
  for (let tries = 0; tries < 80 && sessionProcesses(jobId).length > 0; tries += 1) await sleep(50);
  expect(sessionProcesses(jobId)).toEqual([]);
}

function snapshot(runDir: string): Record<string, string> {
  const files = readdirSync(runDir, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /queue|ack|scripts|reports/.test(entry.parentPath),
  );
  return Object.fromEntries(
    files.map((entry) => [
      path.relative(runDir, path.join(entry.parentPath, entry.name)),
      readFileSync(path.join(entry.parentPath, entry.name), 'utf8'),
    ]),
  );
}

describe('kill -9 of the supervisor', () => {
  const states: SkillState[] = [
    'INIT',
    'PREPARE_RUNDIR',
    'LOCATE_DB',
    'START_SESSION',
    'RESTORE_DB',
    'RUN_SKILL',
    'VALIDATE_OUTPUTS',
    'SUMMARIZE',
  ];
  it.each(states)('in %s: no orphan, SUPERVISOR_LOST on resume, evidence as it was', async (state) => {
    const { runDir, signal } = await supervise({ event: 'STATE_ENTERED', state, who: 'self' });
    expect(signal).toBe('SIGKILL');
    await expectNoProcess(path.basename(runDir));
    const before = snapshot(runDir);
    const result = await resumeSkillJob(path.basename(runDir), null, box.context());
    expect(result).toMatchObject({ status: 'FAIL', error_type: 'SUPERVISOR_LOST', error: { state } });
    await expectFailure(runDir, 'SUPERVISOR_LOST');
    expect(snapshot(runDir)).toMatchObject(before);
  });

  it('after a session is ready: the tool ends without anybody’s help', async () => {
    const { runDir } = await supervise({ event: 'SESSION_READY', state: 'START_SESSION', who: 'self' });
    await expectNoProcess(path.basename(runDir));
    expect((await resumeSkillJob(runDir, null, box.context())).error_type).toBe('SUPERVISOR_LOST');
  });

  it('while it writes the bundle: resume completes it', async () => {
    await box.skill({ template: 'error "no"\n', database: { required: true, forms: ['tcl_dict'] } });
    const { runDir } = await supervise({ event: 'FAIL', state: 'FAIL', who: 'self' });
    expect(existsSync(path.join(runDir, 'debug_bundle'))).toBe(false);
    // the manifest had not been written yet, so the death of the supervisor is what is known
    await resumeSkillJob(runDir, null, box.context());
    await expectFailure(runDir, 'SUPERVISOR_LOST');
    rmSync(path.join(runDir, 'debug_bundle', 'index.json'));
    await resumeSkillJob(runDir, null, box.context());
    await expectFailure(runDir, 'SUPERVISOR_LOST');
  });

  it('whose tool hangs in a stop signal: the tool is ended all the same', async () => {
    await box.skill({ template: 'exec kill -STOP [pid]\n', database: { required: true, forms: ['tcl_dict'] } });
    const child = startSupervisor(null);
    const stopped = (): boolean =>
      existsSync(box.at('runs')) &&
      readdirSync(box.at('runs')).some((jobId) =>
        sessionProcesses(jobId).some((pid) => {
          try {
            return /^.*\) T/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
          } catch {
            return false;
          }
        }),
      );
    await expect.poll(stopped, { timeout: 15_000, interval: 20 }).toBe(true);
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
    const [jobId = ''] = readdirSync(box.at('runs'));
    await expectNoProcess(jobId);
    expect((await resumeSkillJob(jobId, null, box.context())).error_type).toBe('SUPERVISOR_LOST');
    await expectFailure(box.at('runs', jobId), 'SUPERVISOR_LOST');
  });

  it('and of its guard at the same moment: the tool ends with them', async () => {
    await box.skill({ template: 'after 60000\n', database: { required: true, forms: ['tcl_dict'] } });
    const child = startSupervisor(null);
    const ready = (): boolean =>
      existsSync(box.at('runs')) &&
      readdirSync(box.at('runs')).some((jobId) => existsSync(box.at('runs', jobId, 'queue', '0002_run.json')));
    await expect.poll(ready, { timeout: 15_000, interval: 20 }).toBe(true);
    const [jobId = ''] = readdirSync(box.at('runs'));
    const guards = execFileSync('pgrep', ['-f', `session_guard.sh .*${jobId} local`], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    for (const pid of guards) killQuietly(pid);
    await gone;
    await expectNoProcess(jobId);
    expect((await resumeSkillJob(jobId, null, box.context())).error_type).toBe('SUPERVISOR_LOST');
  });

  it('in the middle of a batch: what is done stays, what it held is closed and runs again', async () => {
    const { signal } = await supervise({ event: 'STATE_ENTERED', state: 'RUN_SKILL', who: 'self', nth: 2 }, [
      'one',
      'two',
      'three',
    ]);
    expect(signal).toBe('SIGKILL');
    const [batchId = ''] = readdirSync(box.at('runs', 'batches'));
    const { record } = await resumeSkillBatch(batchId, QUICK, box.context());
    expect(record.entries.map((entry) => [entry.design, entry.status, entry.runs.length])).toEqual([
      ['one', 'DONE', 1],
      ['two', 'DONE', 2],
      ['three', 'DONE', 1],
    ]);
    await expectFailure(box.at('runs', record.entries[1]?.runs[0] ?? ''), 'SUPERVISOR_LOST');
    for (const entry of record.entries) for (const run of entry.runs) await expectNoProcess(run);
  });

  it('a cut-off line of the timeline is closed, not continued', async () => {
    const { runDir } = await supervise({ event: 'STATE_ENTERED', state: 'RUN_SKILL', who: 'self' });
    const file = path.join(runDir, 'job_timeline.jsonl');
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"schema_version":1,"se`);
    await resumeSkillJob(runDir, null, box.context());
    const events = await eventsOf(runDir);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index));
    expect(events.at(-1)?.event).toBe('FAIL');
  });
});

describe('kill -9 of the tool', () => {
  const places: [string, SkillState][] = [
    ['SESSION_READY', 'START_SESSION'],
    ['STATE_ENTERED', 'RESTORE_DB'],
    ['STATE_ENTERED', 'RUN_SKILL'],
  ];
  it.each(places)('at %s in %s: TOOL_CRASH with the signal', async (event, state) => {
    const { runDir, signal } = await supervise({ event, state, who: 'tool' });
    expect(signal).toBeNull();
    await expectFailure(runDir, 'TOOL_CRASH');
    expect((await manifestOf(runDir)).error?.message).toContain('SIGKILL');
    await expectNoProcess(path.basename(runDir));
  });

  it('before it was ready: TOOL_CRASH in START_SESSION', async () => {
    const result = await runSkillJob(
      {
        skill: 'probe',
        database: 'design',
        ...QUICK,
        tool: await box.executable('tclsh', '#!/bin/sh\nkill -KILL $$\n'),
      },
      box.context(),
    );
    expect(result).toMatchObject({
      error_type: 'TOOL_CRASH',
      error: { state: 'START_SESSION', message: expect.stringContaining('SIGKILL') as string },
    });
    await expectFailure(result.run_dir, 'TOOL_CRASH');
    expect(sessionProcesses(result.job_id)).toEqual([]);
  });

  it.each(places)('together with the supervisor at %s in %s', async (event, state) => {
    const { runDir } = await supervise({ event, state, who: 'both' });
    await expectNoProcess(path.basename(runDir));
    expect((await resumeSkillJob(runDir, null, box.context())).error_type).toBe('SUPERVISOR_LOST');
    await expectFailure(runDir, 'SUPERVISOR_LOST');
  });

  it('of the guard: the tool is ended all the same', async () => {
    await box.skill({ template: 'after 60000\n', database: null });
    const result = await runSkillJob(
      { skill: 'probe', ...QUICK },
      box.context({
        onEvent: (event) => {
          if (event.event !== 'STATE_ENTERED' || event.state !== 'RUN_SKILL') return;
          const guard =
            execFileSync('pgrep', ['-f', `session_guard.sh .*${event.job_id} local`], { encoding: 'utf8' })
              .trim()
              .split('\n')[0] ?? '';
          process.kill(Number(guard), 'SIGKILL');
        },
      }),
    );
    expect(result.error_type).toBe('TOOL_CRASH');
    expect(sessionProcesses(result.job_id)).toEqual([]);
  });
});

describe('two supervisors on one run directory', () => {
  it('the second is refused while the first works, and changes nothing', async () => {
    await box.skill({ template: 'after 800\n::skillpilot::write_report out.txt "value 1"\n', database: null });
    let second: Promise<unknown> = Promise.resolve('never asked');
    const first = await runSkillJob(
      { skill: 'probe', ...QUICK },
      box.context({
        onEvent: (event, runDir) => {
          if (event.event === 'STATE_ENTERED' && event.state === 'RUN_SKILL')
            second = resumeSkillJob(runDir, null, box.context()).catch((error: unknown) => error);
        },
      }),
    );
    expect(await second).toMatchObject({ code: 'RUN_DIR_BUSY' });
    expect(first.status).toBe('DONE');
    expect((await eventsOf(first.run_dir)).map((event) => event.seq)).toEqual(
      (await eventsOf(first.run_dir)).map((_, index) => index),
    );
  });
});

describe('two resumes of a run directory whose supervisor died', () => {
  it('one closes it, the other is refused or told of it; there is one FAIL and one bundle', async () => {
    const { runDir } = await supervise({ event: 'STATE_ENTERED', state: 'RUN_SKILL', who: 'self' });
    const ends = await Promise.all(
      [0, 1, 2].map(() =>
        resumeSkillJob(runDir, null, box.context()).then(
          (result) => String(result.error_type),
          (error: { code?: string }) => String(error.code),
        ),
      ),
    );
    expect(ends).toContain('SUPERVISOR_LOST');
    expect(ends.filter((end) => end !== 'SUPERVISOR_LOST' && end !== 'RUN_DIR_BUSY')).toEqual([]);
    await expectFailure(runDir, 'SUPERVISOR_LOST');
    const events = await eventsOf(runDir);
    expect(events.filter((event) => event.event === 'FAIL')).toHaveLength(1);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index));
  });
});

describe('clock jumps', () => {
  const faketime = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', '/usr/lib/faketime/libfaketime.so.1'].find(
    (file) => existsSync(file),
  );
  if (faketime === undefined) process.stderr.write('skip: clock jumps (needs the Debian package faketime)\n');

  /** A tclsh whose wall clock is moved by the text in a file, which is read anew at every call. */
  async function warped(): Promise<{ tool: string; move: (offset: string) => void }> {
    const file = box.at('offset');
    writeFileSync(file, '+0');
    const tool = await box.executable(
      'tclsh',
      `#!/bin/sh\nLD_PRELOAD=${faketime ?? ''} FAKETIME_TIMESTAMP_FILE=${file} FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 exec /usr/bin/tclsh "$@"\n`,
    );
    return { tool, move: (offset) => writeFileSync(file, offset) };
  }

  it.skipIf(faketime === undefined)('forward by an hour in the tool: nothing times out', async () => {
    await box.skill({ template: 'after 300\n::skillpilot::write_report out.txt "value 1"\n', database: null });
    const { tool, move } = await warped();
    const result = await runSkillJob(
      { skill: 'probe', tool, ...QUICK },
      box.context({
        onEvent: (event) => {
          if (event.event === 'SESSION_READY') move('+3600');
        },
      }),
    );
    expect([result.status, result.error?.message]).toEqual(['DONE', undefined]);
  });

  it.skipIf(faketime === undefined)(
    'back by an hour in the tool, which makes Tcl sleep on: HEARTBEAT_LOST, not a hang',
    async () => {
      await box.skill({ template: 'after 200\nafter 200\nafter 200\n', database: null, timeouts: { silence_s: 1 } });
      const { tool, move } = await warped();
      const result = await runSkillJob(
        { skill: 'probe', tool, ...QUICK },
        box.context({
          onEvent: (event) => {
            if (event.event === 'STATE_ENTERED' && event.state === 'RUN_SKILL') setTimeout(() => move('-3600'), 150);
          },
        }),
      );
      expect(result.error_type).toBe('HEARTBEAT_LOST');
      await expectFailure(result.run_dir, 'HEARTBEAT_LOST');
      expect(sessionProcesses(result.job_id)).toEqual([]);
    },
  );

  it('in the supervisor: deadlines hold, the jump is in the timeline', async () => {
    await box.skill({ template: 'after 600\n::skillpilot::write_report out.txt "value 1"\n', database: null });
    const real = Date.now.bind(Date);
    try {
      const result = await runSkillJob(
        { skill: 'probe', ...QUICK },
        box.context({
          onEvent: (event) => {
            if (event.event === 'STATE_ENTERED' && event.state === 'RUN_SKILL') Date.now = () => real() - 86_400_000;
          },
        }),
      );
      expect(result.status).toBe('DONE');
      expect((await eventsOf(result.run_dir)).find((event) => event.event === 'CLOCK_JUMP')?.data).toMatchObject({
        jump_ms: expect.closeTo(-86_400_000, -3) as number,
      });
    } finally {
      Date.now = real;
    }
  });
});

describe('evidence', () => {
  it('is never overwritten: an existing summary ends the job, the text stays', async () => {
    const result = await runSkillJob(
      { skill: 'probe', database: 'design', ...QUICK },
      box.context({
        onEvent: (event, runDir) => {
          if (event.event === 'STATE_ENTERED' && event.state === 'SUMMARIZE')
            writeFileSync(path.join(runDir, 'summary.json'), 'theirs');
        },
      }),
    );
    expect(result.error_type).toBe('RUN_DIR_FAIL');
    expect(readFileSync(path.join(result.run_dir, 'summary.json'), 'utf8')).toBe('theirs');
  });

  it('of a copied run directory still reads: nothing depends on its place', async () => {
    const result = await runSkillJob({ skill: 'probe', database: 'design', ...QUICK }, box.context());
    mkdirSync(box.at('elsewhere', 'copy'), { recursive: true });
    for (const name of ['job_manifest.json', 'job_timeline.jsonl'])
      copyFileSync(path.join(result.run_dir, name), box.at('elsewhere', 'copy', name));
    expect((await resumeSkillJob(box.at('elsewhere', 'copy'), null, box.context())).status).toBe('DONE');
    expect(hasTool('tclsh')).toBe(true);
  });
});
