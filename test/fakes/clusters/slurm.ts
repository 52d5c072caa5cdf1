// A real Slurm of one node without systemd, for tests: munged, slurmctld and slurmd in a temporary folder, all on free
// ports.
// Needs root and the Debian packages slurm-wlm and munge. Everything is stopped by `stop`, by process id.
import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, openSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Slurm {
  /** what `srun` needs to find this cluster */
  readonly env: NodeJS.ProcessEnv;
  /** names of jobs that the scheduler knows of, waiting or running */
  jobs(): string[];
  stop(): Promise<void>;
}

/** Why there can be no Slurm on this machine, or null. */
export function slurmObstacle(): string | null {
  if (process.getuid?.() !== 0) return 'needs root';
  for (const file of ['/usr/sbin/munged', '/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/bin/srun'])
    if (!existsSync(file)) return `${file} is missing (Debian packages slurm-wlm and munge)`;
  return null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export async function startSlurm(): Promise<Slurm> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'genrtl-slurm-'));
  const host = os.hostname().split('.')[0] ?? 'localhost';
  for (const name of ['state', 'spool', 'munge']) await mkdir(path.join(root, name));
  const socket = path.join(root, 'munge', 'socket');
  writeFileSync(path.join(root, 'munge.key'), randomBytes(128), { mode: 0o600 });
  writeFileSync(
    path.join(root, 'slurm.conf'),
    `${[
      'ClusterName=genrtl',
      `SlurmctldHost=${host}(127.0.0.1)`,
      `SlurmctldPort=${await freePort()}`,
      `SlurmdPort=${await freePort()}`,
      'SlurmUser=root',
      'SlurmdUser=root',
      'AuthType=auth/munge',
      `AuthInfo=socket=${socket}`,
      'CredType=cred/munge',
      `StateSaveLocation=${root}/state`,
      `SlurmdSpoolDir=${root}/spool`,
      `SlurmctldPidFile=${root}/slurmctld.pid`,
      `SlurmdPidFile=${root}/slurmd.pid`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'JobAcctGatherType=jobacct_gather/none',
      'MpiDefault=none',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_CPU',
      'ReturnToService=2',
      'KillWait=5',
      'MessageTimeout=30',
      'SchedulerParameters=sched_interval=1,batch_sched_delay=0',
      'SlurmdParameters=config_overrides',
      `NodeName=${host} NodeAddr=127.0.0.1 CPUs=16 RealMemory=64000 State=UNKNOWN`,
      'PartitionName=test Nodes=ALL Default=YES State=UP',
    ].join('\n')}\n`,
  );
  const env: NodeJS.ProcessEnv = { ...process.env, SLURM_CONF: path.join(root, 'slurm.conf') };
  const children: ChildProcess[] = [];
  const daemon = (command: string, argv: string[]): void => {
    const log = openSync(path.join(root, `${path.basename(command)}.log`), 'a');
    children.push(spawn(command, argv, { env, stdio: ['ignore', log, log] }));
  };
  const stop = async (): Promise<void> => {
    // a test that failed may have left jobs, whose step daemons would outlive the cluster
    const ask = (command: string): string =>
      execFileSync('/bin/sh', ['-c', `${command} 2>/dev/null || true`], {
        env,
        encoding: 'utf8',
        timeout: 10_000,
      }).trim();
    if (children.length === 3 && ask('squeue -h -o %j') !== '') {
      ask('scancel --quiet --user=root');
      for (let tries = 0; tries < 100 && ask('squeue -h -o %j') !== ''; tries += 1) await sleep(100);
    }
    for (const child of children.toReversed()) {
      if (child.exitCode !== null) continue;
      child.kill('SIGTERM');
      await Promise.race([new Promise((resolve) => child.once('exit', resolve)), sleep(5000)]);
      child.kill('SIGKILL');
    }
    await rm(root, { recursive: true, force: true });
  };
  try {
    daemon('/usr/sbin/munged', [
      '--foreground',
      '--force',
      `--key-file=${root}/munge.key`,
      `--socket=${socket}`,
      `--pid-file=${root}/munged.pid`,
      `--log-file=${root}/munged-file.log`,
      `--seed-file=${root}/munge.seed`,
    ]);
    for (let tries = 0; !existsSync(socket); tries += 1) {
      if (tries > 100) throw new Error('munged did not start');
      await sleep(50);
    }
    daemon('/usr/sbin/slurmctld', ['-D', '-i']);
    daemon('/usr/sbin/slurmd', ['-D', '-N', host]);
    for (let tries = 0; ; tries += 1) {
      const state = execFileSync('/bin/sh', ['-c', 'sinfo -h -o %T 2>/dev/null || true'], {
        env,
        encoding: 'utf8',
      }).trim();
      if (state === 'idle') break;
      if (tries > 60) throw new Error(`the node is '${state}' after 30 s`);
      await sleep(500);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    env,
    jobs: () =>
      execFileSync('squeue', ['-h', '-o', '%j'], { env, encoding: 'utf8' })
        .split('\n')
        .filter((line) => line !== ''),
    stop,
  };
}
