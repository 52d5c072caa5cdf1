// Calls about the job of a workspace: start, resume, stop, undo, and what its steps left behind.
import { GenrtlError } from '@genrtl/contracts';
import type { JobState } from '@genrtl/contracts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import type { JobFindings } from '../../findings/job-findings.ts';
import type { StartedJob } from '../../job/service.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';
import { readLogWindow, readRun, runFolder } from '../../workspace/run-folder.ts';
import type { IpcServices } from '../services.ts';
import { UpdateFeed } from '../update-feed.ts';

type JobCalls =
  | 'job.start'
  | 'job.resume'
  | 'job.retry'
  | 'job.fix'
  | 'job.editPlan'
  | 'job.notes'
  | 'job.addNote'
  | 'job.cancel'
  | 'job.undo'
  | 'job.decline'
  | 'job.owners'
  | 'job.history'
  | 'job.past'
  | 'job.outgoing'
  | 'job.plan'
  | 'job.changes'
  | 'job.log'
  | 'job.run';

export function jobHandlers(
  services: IpcServices,
  workspaces: OpenWorkspaces,
  findings: JobFindings,
): Pick<IpcHandlers, JobCalls> {
  const { jobs, pushes } = services;

  const tellState = async (workspace: string): Promise<void> => {
    const state = await jobs.state(workspace);
    if (state === null) return;
    const update = { type: 'state', state } as const;
    findings.accept(workspace, update);
    pushes.publish({ push: 'job.update', payload: { workspace, update } });
  };

  const follow = async (
    workspace: string,
    begin: (onUpdate: UpdateFeed['accept']) => Promise<StartedJob>,
  ): Promise<{ job_id: string }> => {
    const feed = new UpdateFeed(workspace, pushes);
    const started = await begin((update) => {
      findings.accept(workspace, update);
      // the page asks for findings when it is told that there are new ones
      if (update.type !== 'diagnostics') feed.accept(update);
    });
    const settle = async (): Promise<void> => {
      feed.flush();
      await tellState(workspace).catch(() => undefined);
    };
    // Whatever ends the job, the page gets the state that is on disk; a rejected job has written its error there.
    void started.finished.then(settle, settle);
    return { job_id: started.jobId };
  };

  const present = async (workspace: string): Promise<JobState> => {
    const state = await jobs.state(workspaces.require(workspace));
    if (state === null) throw new GenrtlError('NO_JOB', 'No job was started in this workspace.');
    return state;
  };
  const folderOf = async (workspace: string, stepId: string): Promise<string> => {
    const state = await present(workspace);
    if (!/^[a-z_]+_\d+$/.test(stepId)) throw new GenrtlError('REQUEST_INVALID', 'step_id: not the id of a step');
    return runFolder(workspace, state.job_id, stepId);
  };

  return {
    'job.start': async ({ workspace, settings }) =>
      follow(workspaces.require(workspace), (onUpdate) => jobs.start(workspace, settings, onUpdate)),
    'job.resume': async ({ workspace, approve, max_usd, waivers, accept_bench_changes }) =>
      follow(workspaces.require(workspace), (onUpdate) =>
        jobs.resume(
          workspace,
          {
            approve: approve ? 'gate' : 'none',
            maxUsd: max_usd,
            waivers: waivers ?? [],
            acceptBenchChanges: accept_bench_changes ?? false,
          },
          onUpdate,
        ),
      ),
    'job.cancel': async ({ workspace }) => {
      await jobs.cancel(workspaces.require(workspace));
      return {};
    },
    'job.retry': async ({ workspace, step_id, note }) =>
      follow(workspaces.require(workspace), (onUpdate) => jobs.retry(workspace, { stepId: step_id, note }, onUpdate)),
    'job.fix': async ({ workspace, finding }) =>
      follow(workspaces.require(workspace), (onUpdate) => jobs.fix(workspace, finding, onUpdate)),
    'job.editPlan': async ({ workspace, plan }) => {
      const edited = await jobs.editPlan(workspaces.require(workspace), plan);
      await tellState(workspace);
      return edited;
    },
    'job.notes': async ({ workspace }) => ({ notes: await jobs.notes(workspaces.require(workspace)) }),
    'job.addNote': async ({ workspace, text }) => ({ notes: await jobs.addNote(workspaces.require(workspace), text) }),
    'job.undo': async ({ workspace, force, job_id }) => {
      const restored = await jobs.undo(workspaces.require(workspace), {
        force: force ?? false,
        ...(job_id === undefined ? {} : { jobId: job_id }),
      });
      await tellState(workspace);
      return { restored };
    },
    'job.decline': async ({ workspace, cbb_id, instead }) =>
      follow(workspaces.require(workspace), (onUpdate) =>
        jobs.decline(workspace, { cbbId: cbb_id, instead }, onUpdate),
      ),
    'job.owners': async ({ workspace, paths }) => ({
      owners: await jobs.owners(workspaces.require(workspace), paths),
    }),
    'job.history': async ({ workspace }) => ({ jobs: await jobs.history(workspaces.require(workspace)) }),
    'job.past': async ({ workspace, job_id }) => jobs.past(workspaces.require(workspace), job_id),
    'job.outgoing': async ({ workspace, spec_path, model }) =>
      jobs.outgoing(workspaces.require(workspace), { specPath: spec_path, model }),
    'job.plan': async ({ workspace }) => jobs.plan(workspaces.require(workspace)),
    'job.changes': async ({ workspace }) => ({ changes: await jobs.changes(workspaces.require(workspace)) }),
    'job.log': async ({ workspace, step_id, stream, offset }) =>
      readLogWindow(await folderOf(workspace, step_id), stream, offset),
    'job.run': async ({ workspace, step_id }) => readRun(await folderOf(workspace, step_id)),
  };
}
