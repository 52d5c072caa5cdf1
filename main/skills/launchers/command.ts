// The command line of each launcher, as a pure function: golden in tests, never a shell string of ours.
import type { LauncherId } from '@genrtl/contracts/skill-contract.ts';
import type { LauncherSettings } from '@genrtl/contracts/skill-run.ts';
import { shellWord } from '../tcl-text.ts';

export interface LaunchPlan {
  readonly jobName: string;
  /** the script that starts guard and tool on the node; an absolute path */
  readonly nodeScript: string;
  readonly settings: LauncherSettings;
}

interface LauncherSpec {
  readonly id: LauncherId;
  readonly title: string;
  /** submit command; null: the tool is started directly */
  readonly submit: string | null;
  argv(plan: LaunchPlan): string[];
  /**
   * Takes a job out of the cluster by its name when the submit command died without doing it; null where there is no
   * such command that could be tried (the local launcher, Donau).
   */
  cancel(jobName: string): string[] | null;
}

const option = (flag: string, value: string | undefined): string[] => (value === undefined ? [] : [flag, value]);

export const LAUNCHERS: Readonly<Record<LauncherId, LauncherSpec>> = {
  local: { id: 'local', title: 'this machine', submit: null, argv: () => [], cancel: () => null },
  // Donau: resources as one -R string; the command is one shell word list
  dsub: {
    id: 'dsub',
    title: 'Donau (dsub -I)',
    submit: 'dsub',
    argv: ({ jobName, nodeScript, settings }) => {
      const resources = [
        ...(settings.cpus === undefined ? [] : [`cpu=${settings.cpus}`]),
        ...(settings.memory_mb === undefined ? [] : [`mem=${settings.memory_mb}`]),
      ].join(';');
      return [
        'dsub',
        '-I',
        '-n',
        jobName,
        ...option('-q', settings.queue),
        ...option('-A', settings.account),
        ...option('-R', resources === '' ? undefined : resources),
        ...settings.extra,
        '/bin/sh',
        shellWord(nodeScript),
      ];
    },
    cancel: () => null,
  },
  // LSF joins the command's words and gives them to a shell, so the script's path is quoted for one; memory is per job
  // in MB
  lsf: {
    id: 'lsf',
    title: 'LSF (bsub -I)',
    submit: 'bsub',
    argv: ({ jobName, nodeScript, settings }) => [
      'bsub',
      '-I',
      '-J',
      jobName,
      ...option('-q', settings.queue),
      ...option('-P', settings.account),
      ...option('-n', settings.cpus?.toString()),
      ...option('-R', settings.memory_mb === undefined ? undefined : `rusage[mem=${settings.memory_mb}]`),
      ...settings.extra,
      '/bin/sh',
      shellWord(nodeScript),
    ],
    // 0: every job of that name, not only the latest
    cancel: (jobName) => ['bkill', '-J', jobName, '0'],
  },
  // srun hands the words over as they are; --immediate bounds the wait in the queue, which is endless otherwise
  slurm: {
    id: 'slurm',
    title: 'Slurm (srun)',
    submit: 'srun',
    argv: ({ jobName, nodeScript, settings }) => [
      'srun',
      '--quiet',
      '--input=none',
      '--unbuffered',
      '--ntasks=1',
      `--job-name=${jobName}`,
      `--immediate=${Math.ceil(settings.queue_timeout_s)}`,
      ...(settings.queue === undefined ? [] : [`--partition=${settings.queue}`]),
      ...(settings.account === undefined ? [] : [`--account=${settings.account}`]),
      ...(settings.cpus === undefined ? [] : [`--cpus-per-task=${settings.cpus}`]),
      ...(settings.memory_mb === undefined ? [] : [`--mem=${settings.memory_mb}M`]),
      ...settings.extra,
      '/bin/sh',
      nodeScript,
    ],
    cancel: (jobName) => ['scancel', '--quiet', `--name=${jobName}`],
  },
};

/**
 * session/launch.sh of a cluster session: runs on the node, where nothing of the supervisor's environment may be there.
 */
export function renderNodeScript(options: {
  runDir: string;
  jobId: string;
  guard: string;
  leaseSeconds: number;
  tool: readonly string[];
}): string {
  return `#!/bin/sh
# Starts guard and tool on the node that the scheduler chose.
GENRTL_SKILL_SESSION=${shellWord(options.jobId)}
export GENRTL_SKILL_SESSION
cd ${shellWord(`${options.runDir}/work`)} || exit 72
exec /bin/sh ${[options.guard, options.runDir, 'node', String(options.leaseSeconds), ...options.tool].map(shellWord).join(' ')}
`;
}
