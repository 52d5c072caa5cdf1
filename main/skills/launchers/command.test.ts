// Golden command lines of the schedulers.
import { describe, expect, it } from 'vitest';
import { LauncherId } from '@genrtl/contracts/skill-contract.ts';
import { LauncherSettings } from '@genrtl/contracts/skill-run.ts';
import { LAUNCHERS, renderNodeScript } from './command.ts';

const argv = (settings: Record<string, unknown>, nodeScript = '/runs/job 1/session/launch.sh'): string[] => {
  const parsed = LauncherSettings.parse(settings);
  return LAUNCHERS[parsed.id].argv({ jobName: 'job1', nodeScript, settings: parsed });
};
const full = { queue: 'night', account: 'soc', cpus: 4, memory_mb: 8000, queue_timeout_s: 90.5, extra: ['--x', 'y z'] };

describe('command lines', () => {
  it('dsub -I', () => {
    expect(argv({ id: 'dsub', ...full })).toEqual([
      'dsub',
      '-I',
      '-n',
      'job1',
      '-q',
      'night',
      '-A',
      'soc',
      '-R',
      'cpu=4;mem=8000',
      '--x',
      'y z',
      '/bin/sh',
      "'/runs/job 1/session/launch.sh'",
    ]);
    expect(argv({ id: 'dsub' }, '/r/launch.sh')).toEqual(['dsub', '-I', '-n', 'job1', '/bin/sh', '/r/launch.sh']);
  });

  it('bsub -I', () => {
    expect(argv({ id: 'lsf', ...full })).toEqual([
      'bsub',
      '-I',
      '-J',
      'job1',
      '-q',
      'night',
      '-P',
      'soc',
      '-n',
      '4',
      '-R',
      'rusage[mem=8000]',
      '--x',
      'y z',
      '/bin/sh',
      "'/runs/job 1/session/launch.sh'",
    ]);
    expect(argv({ id: 'lsf' }, '/r/launch.sh')).toEqual(['bsub', '-I', '-J', 'job1', '/bin/sh', '/r/launch.sh']);
  });

  it('srun', () => {
    expect(argv({ id: 'slurm', ...full })).toEqual([
      'srun',
      '--quiet',
      '--input=none',
      '--unbuffered',
      '--ntasks=1',
      '--job-name=job1',
      '--immediate=91',
      '--partition=night',
      '--account=soc',
      '--cpus-per-task=4',
      '--mem=8000M',
      '--x',
      'y z',
      '/bin/sh',
      '/runs/job 1/session/launch.sh',
    ]);
  });

  it('taking a job back by its name', () => {
    expect(LauncherId.options.map((id) => LAUNCHERS[id].cancel('job1'))).toEqual([
      null,
      null,
      ['bkill', '-J', 'job1', '0'],
      ['scancel', '--quiet', '--name=job1'],
    ]);
  });

  it('the node’s script quotes every word', () => {
    const text = renderNodeScript({
      runDir: "/runs/it's",
      jobId: 'job1',
      guard: '/g',
      leaseSeconds: 60,
      tool: ['tclsh', '$(reboot)'],
    });
    expect(text).toContain(`exec /bin/sh /g '/runs/it'\\''s' node 60 tclsh '$(reboot)'`);
  });
});
