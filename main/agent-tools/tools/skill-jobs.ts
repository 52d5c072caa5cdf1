// skill_run, skill_select, skill_status, skill_cancel, skill_runs: the life of a job. The agent decides nothing on its
// way.
import path from 'node:path';
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts';
import { LauncherId, SkillName } from '@genrtl/contracts/skill-contract.ts';
import { LauncherSettings, SkillStatus } from '@genrtl/contracts/skill-run.ts';
import { listRuns, parameterSchema, pathFormatOf, resumeSkillJob, runSkillJob } from '../../skills/index.ts';
import { defineTool, type AgentCall } from '../define-tool.ts';
import { waitForEnd, type LiveJob } from '../skill-jobs.ts';
import { JobIdArgument, reportJob, SkillJobReport } from '../skill-report.ts';

/** Below the time-out of common clients (60 s); a longer job is waited for again. */
const WaitSeconds = z
  .number()
  .min(0)
  .max(600)
  .default(45)
  .describe('seconds to wait for the end before the answer says RUNNING');
/** One word of a submit command that cannot be taken for an option. */
const SchedulerWord = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.:@/-]{0,63}$/);
const FileName = z.string().min(1).max(4096);

/** Files and folders of the parameters must lie in the server's folders. Throws REQUEST_INVALID. */
async function checkInputFiles(
  skill: string,
  parameters: Readonly<Record<string, unknown>>,
  { context }: AgentCall,
): Promise<void> {
  const schema = await parameterSchema(skill, context.skills);
  for (const [name, value] of Object.entries(parameters)) {
    if (pathFormatOf(schema, name) === null) continue;
    for (const file of Array.isArray(value) ? value : [value])
      if (typeof file === 'string') await context.roots.resolve(file);
  }
}

/** Waits for a live job and tells the client how far it is; each message names the job. */
async function watch(job: LiveJob, waitS: number, call: AgentCall): Promise<void> {
  const listener = (event: LiveJob['last']): void =>
    call.progress(event.seq + 1, `${job.jobId} ${event.state}: ${event.event}`);
  job.listeners.add(listener);
  try {
    await waitForEnd(job, waitS * 1000, call.signal);
  } finally {
    job.listeners.delete(listener);
  }
}

async function startAndReport(
  work: Parameters<AgentCall['context']['jobs']['start']>[0],
  waitS: number,
  call: AgentCall,
) {
  const started = await call.context.jobs.start(work);
  if (!('done' in started)) return reportJob(started.job_id, call.context);
  const { jobId } = started;
  call.tell({ job_id: jobId, status: 'RUNNING' });
  const cancel = (): void => {
    started.cancel();
    started.done.then(
      (result) => call.tell({ job_id: jobId, status: result.status, error_type: result.error_type }),
      () => undefined,
    );
  };
  if (call.takenBack.aborted) cancel();
  else call.takenBack.addEventListener('abort', cancel, { once: true });
  try {
    await watch(started, waitS, call);
  } finally {
    call.takenBack.removeEventListener('abort', cancel);
  }
  return reportJob(jobId, call.context);
}

export const skillRun = defineTool({
  name: 'skill_run',
  title: 'Run a skill',
  readOnly: false,
  description:
    'Runs a skill on a design with its EDA tool and returns its metrics, each with the report line that shows it. Several matching databases pause the job with candidates. A job that goes on longer than wait_s is reported as RUNNING and continues.',
  input: z.strictObject({
    skill: SkillName,
    design: z.string().min(1).max(200).optional().describe('name of the design in the summary'),
    database: FileName.optional().describe('name to look for, or a path'),
    search_paths: z
      .array(FileName)
      .max(20)
      .optional()
      .describe('where databases are looked for; default: the server’s folder'),
    parameters: z.record(z.string(), z.unknown()).default({}).describe('as skill_describe gives their schema'),
    launcher: z
      .strictObject({
        id: LauncherId.default('local'),
        queue: SchedulerWord.optional(),
        account: SchedulerWord.optional(),
        cpus: z.number().int().positive().max(4096).optional(),
        memory_mb: z.number().int().positive().optional(),
        queue_timeout_s: z.number().positive().max(86_400).optional(),
      })
      .default({ id: 'local' }),
    wait_s: WaitSeconds,
  }),
  output: SkillJobReport,
  work: async (args, call) => {
    const { roots } = call.context;
    await checkInputFiles(args.skill, args.parameters, call);
    const database =
      args.database === undefined
        ? null
        : args.database.includes('/')
          ? await roots.resolve(args.database)
          : args.database;
    const searchPaths = await Promise.all((args.search_paths ?? ['.']).map((each) => roots.resolve(each)));
    const launcher = LauncherSettings.parse(args.launcher);
    return startAndReport(
      (context) =>
        runSkillJob(
          { skill: args.skill, design: args.design, database, searchPaths, parameters: args.parameters, launcher },
          context,
        ),
      args.wait_s,
      call,
    );
  },
});

export const skillSelect = defineTool({
  name: 'skill_select',
  title: 'Choose a database',
  readOnly: false,
  description: 'Goes on with a job in WAITING_SELECTION on the candidate that the person chose.',
  input: z.strictObject({
    job_id: JobIdArgument,
    candidate: z.number().int().positive().describe('id of the candidate'),
    wait_s: WaitSeconds,
  }),
  output: SkillJobReport,
  work: async (args, call) => {
    const { data } = await reportJob(args.job_id, call.context);
    if (data.status !== 'WAITING_SELECTION')
      throw new GenrtlError('SELECTION_INVALID', `The job is ${data.status} and waits for no selection.`, {
        hint: 'See skill_status.',
      });
    return startAndReport((context) => resumeSkillJob(args.job_id, String(args.candidate), context), args.wait_s, call);
  },
});

export const skillStatus = defineTool({
  name: 'skill_status',
  title: 'State and summary of a job',
  readOnly: true,
  description:
    'Where a job stands; of a finished one its summary (metrics with evidence), of a failed one error type and hint. Waits up to wait_s for a running job.',
  input: z.strictObject({ job_id: JobIdArgument, wait_s: WaitSeconds.default(0) }),
  output: SkillJobReport,
  work: async (args, call) => {
    const live = call.context.jobs.find(args.job_id);
    if (live !== null && args.wait_s > 0) await watch(live, args.wait_s, call);
    return reportJob(args.job_id, call.context);
  },
});

export const skillCancel = defineTool({
  name: 'skill_cancel',
  title: 'Cancel a job',
  readOnly: false,
  description: 'Stops a job that this server runs; its tool is ended and the job fails as CANCELLED.',
  input: z.strictObject({ job_id: JobIdArgument }),
  output: SkillJobReport,
  work: async (args, call) => {
    const live = call.context.jobs.find(args.job_id);
    live?.cancel();
    await live?.done;
    return reportJob(args.job_id, call.context);
  },
});

export const skillRuns = defineTool({
  name: 'skill_runs',
  title: 'List jobs',
  readOnly: true,
  description: 'Jobs with a run directory here, newest first.',
  input: z.strictObject({
    skill: SkillName.optional(),
    status: SkillStatus.optional(),
    limit: z.number().int().min(1).max(200).default(20),
  }),
  output: {
    total: z.number().int(),
    runs: z.array(
      z.object({
        job_id: z.string(),
        skill: z.string(),
        design: z.string(),
        status: SkillStatus,
        error_type: z.string().nullable(),
        created_at: z.string(),
      }),
    ),
  },
  work: async (args, { context }) => {
    const all = (await listRuns(context.skills)).filter(
      ({ manifest }) =>
        (args.skill === undefined || manifest.skill.name === args.skill) &&
        (args.status === undefined || manifest.status === args.status),
    );
    const shown = all.slice(0, args.limit);
    return {
      data: {
        total: all.length,
        runs: shown.map(({ manifest }) => ({
          job_id: manifest.job_id,
          skill: manifest.skill.name,
          design: manifest.design,
          status: manifest.status,
          error_type: manifest.error_type,
          created_at: manifest.created_at,
        })),
      },
      evidence: shown.map(({ runDir }) => context.roots.cite(path.join(runDir, 'job_manifest.json'))),
    };
  },
});
