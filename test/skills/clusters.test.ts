// Jobs through schedulers: dsub and bsub as strict stand-ins with golden command lines, Slurm for real.
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readSummary, resumeSkillJob, runSkillJob } from '../../main/skills/index.ts';
import { slurmObstacle, startSlurm, type Slurm } from '../fakes/clusters/slurm.ts';
import { eventsOf, expectFailure, killQuietly, manifestOf, QUICK, Sandbox, sessionProcesses } from './fixture.ts';
import { soakOnly } from '../soak-only.ts';

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.create();
});
afterEach(() => box.remove());

describe.each(['dsub', 'lsf'] as const)('%s', (launcher) => {
  const submit = launcher === 'lsf' ? 'bsub' : 'dsub';
  const prepare = (extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => {
    mkdirSync(box.at('bin'), { recursive: true });
    copyFileSync(path.join(import.meta.dirname, '../fakes/clusters/submit'), box.at('bin', submit));
    return {
      ...process.env,
      PATH: `${box.at('bin')}:${process.env['PATH'] ?? ''}`,
      FAKE_CLUSTER_LOG: box.at('argv'),
      ...extra,
    };
  };

  it('runs a job with the command line that the site knows, from a run directory with odd characters', async () => {
    await box.skill();
    const env = prepare();
    const result = await runSkillJob(
      { skill: 'probe', ...QUICK, launcher: { id: launcher, queue: 'night', account: 'soc', cpus: 2, memory_mb: 512 } },
      box.context({ env, runRoot: box.at("run's $HOME dir") }),
    );
    expect([result.status, result.error?.message]).toEqual(['DONE', undefined]);
    const script = `'${result.run_dir.replaceAll("'", "'\\''")}/session/launch.sh'`;
    const golden =
      launcher === 'lsf'
        ? [
            'bsub',
            '-I',
            '-J',
            result.job_id,
            '-q',
            'night',
            '-P',
            'soc',
            '-n',
            '2',
            '-R',
            'rusage[mem=512]',
            '/bin/sh',
            script,
          ]
        : ['dsub', '-I', '-n', result.job_id, '-q', 'night', '-A', 'soc', '-R', 'cpu=2;mem=512', '/bin/sh', script];
    expect(readFileSync(box.at('argv'), 'utf8').trimEnd().split('\n')).toEqual(golden);
    expect(sessionProcesses(result.job_id)).toEqual([]);
  });

  it('takes processors and memory from the contract when nobody names them', async () => {
    await box.skill({ contract: { resources: { cpus: 3, memory_mb: 77 } } });
    await runSkillJob({ skill: 'probe', ...QUICK, launcher: { id: launcher } }, box.context({ env: prepare() }));
    expect(readFileSync(box.at('argv'), 'utf8')).toMatch(
      launcher === 'lsf' ? /\n-n\n3\n-R\nrusage\[mem=77\]\n/ : /\n-R\ncpu=3;mem=77\n/,
    );
  });

  it('a job that waits in the queue too long is given back', async () => {
    await box.skill();
    const result = await runSkillJob(
      { skill: 'probe', ...QUICK, launcher: { id: launcher, queue_timeout_s: 0.4 } },
      box.context({ env: prepare({ FAKE_CLUSTER_WAIT: '60' }) }),
    );
    expect(result.error_type).toBe('QUEUE_TIMEOUT');
    expect(sessionProcesses(result.job_id)).toEqual([]);
  });
});

const obstacle = slurmObstacle();
if (obstacle !== null) process.stderr.write(`skip: Slurm (${obstacle})\n`);

describe.skipIf(obstacle !== null)('Slurm', () => {
  let slurm: Slurm;
  beforeAll(async () => {
    slurm = await startSlurm();
  }, 60_000);
  afterAll(() => slurm.stop(), 30_000);

  const settled = async (): Promise<string[]> => {
    for (let tries = 0; tries < 100 && slurm.jobs().length > 0; tries += 1) await sleep(100);
    return slurm.jobs();
  };

  it('runs Yosys on a node and leaves no job', async () => {
    const result = await runSkillJob(
      {
        skill: 'synth_stat',
        ...QUICK,
        launcher: { id: 'slurm', queue: 'test', cpus: 1, memory_mb: 500, queue_timeout_s: 30 },
        parameters: {
          top: 'counter',
          sources: [path.resolve(import.meta.dirname, '../../resources/skills/synth_stat/tests/counter/src/counter.v')],
        },
      },
      box.context({ env: slurm.env }),
    );
    expect([result.status, result.error?.message]).toEqual(['DONE', undefined]);
    const started = (await eventsOf(result.run_dir)).find((event) => event.event === 'SESSION_STARTED');
    expect(started?.data).toMatchObject({
      argv: expect.arrayContaining(['--partition=test', '--mem=500M', `--job-name=${result.job_id}`]) as unknown,
    });
    expect(await settled()).toEqual([]);
  });

  it('runs OpenSTA on a netlist and its constraints, with the metrics of a local run', async () => {
    const data = path.resolve(import.meta.dirname, '../../resources/skills/sta_summary/tests/counter/db');
    const result = await runSkillJob(
      {
        skill: 'sta_summary',
        ...QUICK,
        launcher: { id: 'slurm', queue_timeout_s: 30 },
        database: path.join(data, 'counter.v'),
        parameters: { top: 'counter', liberty: [path.join(data, 'toy.lib')] },
      },
      box.context({ env: slurm.env }),
    );
    expect([result.status, result.error?.message]).toEqual(['DONE', undefined]);
    const summary = await readSummary(result.run_dir);
    expect(Object.fromEntries(summary?.metrics.map((metric) => [metric.name, metric.value]) ?? [])).toEqual({
      wns: -0.1991,
      tns: -0.4041,
      setup_slack: -0.1991,
      hold_slack: 0.2471,
      failing_endpoints: 3,
      unconstrained_endpoints: 0,
      unclocked_pins: 0,
    });
    expect((await manifestOf(result.run_dir)).restore?.wrapper).toBe('scripts/restore_wrapper.tcl');
    expect(await settled()).toEqual([]);
  });

  it('hands on that the tool died, with its signal', async () => {
    await box.skill({ template: 'exec kill -SEGV [pid]\nafter 2000\n' });
    const result = await runSkillJob(
      { skill: 'probe', ...QUICK, launcher: { id: 'slurm' } },
      box.context({ env: slurm.env }),
    );
    expect(result.error_type).toBe('TOOL_CRASH');
    await expectFailure(result.run_dir, 'TOOL_CRASH');
    expect(await settled()).toEqual([]);
  });

  soakOnly('a request that no node can satisfy ends as QUEUE_TIMEOUT or LAUNCH_FAIL, not for ever', async () => {
    await box.skill();
    const result = await runSkillJob(
      { skill: 'probe', ...QUICK, launcher: { id: 'slurm', cpus: 999, queue_timeout_s: 2 } },
      box.context({ env: slurm.env }),
    );
    expect(['QUEUE_TIMEOUT', 'LAUNCH_FAIL']).toContain(result.error_type);
    expect(await settled()).toEqual([]);
  });

  soakOnly('a hung tool on the node is ended through the scheduler', async () => {
    await box.skill({ template: 'while 1 {}\n', timeouts: { silence_s: 0.8 } });
    const result = await runSkillJob(
      { skill: 'probe', ...QUICK, launcher: { id: 'slurm' } },
      box.context({ env: slurm.env }),
    );
    expect(result.error_type).toBe('HEARTBEAT_LOST');
    expect(sessionProcesses(result.job_id)).toEqual([]);
    expect(await settled()).toEqual([]);
  });

  it('kill -9 of the supervisor: the job leaves the cluster by itself', async () => {
    await box.skill({ template: 'after 120000\n' });
    const orders = JSON.stringify({
      root: box.root,
      runRoot: box.at('runs'),
      skill: 'probe',
      database: null,
      pollMs: 10,
      launcher: 'slurm',
      killAt: { event: 'STATE_ENTERED', state: 'RUN_SKILL', who: 'self' },
    });
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'supervisor-process.ts'), orders], {
      stdio: 'ignore',
      env: slurm.env,
    });
    await new Promise((resolve) => child.once('exit', resolve));
    expect(await settled()).toEqual([]);
    rmSync(box.at('runs'), { recursive: true, force: true });
  });

  it('kill -9 of the supervisor, its guard, srun and the tool at once: resume takes the allocation back', async () => {
    await box.skill({ template: 'after 120000\n' });
    const orders = JSON.stringify({
      root: box.root,
      runRoot: box.at('runs'),
      skill: 'probe',
      database: null,
      pollMs: 10,
      launcher: 'slurm',
      killAt: null,
    });
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'supervisor-process.ts'), orders], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: slurm.env,
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await expect.poll(() => said, { timeout: 20_000 }).toContain('STATE_ENTERED RUN_SKILL');
    const jobId = path.basename(said.split('\n')[0]?.split(' ')[2] ?? '');
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    for (const pid of sessionProcesses(jobId)) killQuietly(Number(pid));
    await gone;
    expect((await resumeSkillJob(jobId, null, box.context({ env: slurm.env }))).error_type).toBe('SUPERVISOR_LOST');
    expect(await settled()).toEqual([]);
  });
});
