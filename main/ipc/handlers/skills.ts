// Calls about skills: the catalogue, runs with their live state, the choice of a database, evidence and comparisons.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { filesBelow } from '@genrtl/disk/files-below.ts';
import { GenrtlError } from '@genrtl/contracts';
import { TimelineEvent } from '@genrtl/contracts/skill-run.ts';
import type { SkillRunView } from '@genrtl/contracts/skill-views.ts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import * as skills from '../../skills/index.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';
import type { IpcServices } from '../services.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

type SkillCalls =
  | 'skills.list'
  | 'skills.trust'
  | 'skills.run'
  | 'skills.runs'
  | 'skills.run.read'
  | 'skills.select'
  | 'skills.stop'
  | 'skills.compare';

const SHOWN_RUNS = 200;
const SHOWN_EVENTS = 2000;
const SHOWN_FILES = 500;

export interface SkillIpc {
  readonly handlers: Pick<IpcHandlers, SkillCalls>;
  /** Stops every skill that this process runs, and waits for their sessions to end. */
  close(): Promise<void>;
}

interface Running {
  readonly abort: AbortController;
  readonly ended: Promise<unknown>;
}

export function skillIpc({ env, pushes }: IpcServices, workspaces: OpenWorkspaces): SkillIpc {
  const running = new Map<string, Running>();
  const contextOf = (
    workspace: string,
    abort = new AbortController(),
    onEvent?: skills.SkillContext['onEvent'],
  ): skills.SkillContext => ({ cwd: workspaces.require(workspace), env, signal: abort.signal, onEvent });

  /** Resolves as soon as the job has an id; goes on by itself, told by pushes. */
  const start = (
    workspace: string,
    begin: (context: skills.SkillContext) => Promise<skills.SkillJobResult>,
  ): Promise<{ job_id: string }> =>
    new Promise((resolve, reject) => {
      const abort = new AbortController();
      let known: string | null = null;
      const context = contextOf(workspace, abort, (event) => {
        if (known === null) {
          known = event.job_id;
          running.set(known, { abort, ended });
          resolve({ job_id: known });
        }
        pushes.publish({
          push: 'skills.event',
          payload: { workspace, job_id: event.job_id, state: event.state, message: event.message },
        });
      });
      const ended = begin(context)
        .then((result) => {
          resolve({ job_id: result.job_id });
          return result;
        })
        .finally(() => {
          if (known !== null) running.delete(known);
        })
        .then((result) => {
          pushes.publish({
            push: 'skills.event',
            payload: { workspace, job_id: result.job_id, state: result.state, message: result.error?.message ?? '' },
          });
        });
      ended.catch(reject);
    });

  const viewOf = ({
    manifest,
  }: {
    manifest: Awaited<ReturnType<typeof skills.readManifest>>['manifest'];
  }): SkillRunView => ({
    job_id: manifest.job_id,
    skill: manifest.skill.name,
    version: manifest.skill.version,
    design: manifest.design,
    status: manifest.status,
    state: manifest.state,
    live: running.has(manifest.job_id),
    error_type: manifest.error_type,
    created_at: manifest.created_at,
    finished_at: manifest.finished_at,
  });

  const handlers: Pick<IpcHandlers, SkillCalls> = {
    'skills.list': async ({ workspace }) => ({
      skills: (await skills.listSkills(contextOf(workspace))).map(({ name, skill, diagnostics, ...card }) => ({
        name,
        origin: card.origin,
        folder: card.folder,
        sha256: card.sha256,
        trusted: card.trusted,
        hides_shipped: card.hidesShipped,
        installed: card.installed,
        one_of: skill?.contract.one_of ?? [],
        database_forms: skill?.contract.database?.forms ?? [],
        diagnostics: [...diagnostics],
        title: skill?.contract.title ?? name,
        description: skill?.contract.description ?? '',
        version: skill?.contract.version ?? null,
        host: skill?.contract.host ?? null,
        database: skill?.contract.database?.required ?? false,
        parameters: skill?.contract.parameters ?? null,
        metrics: skill?.metrics.map((metric) => metric.title) ?? [],
      })),
    }),
    'skills.trust': async ({ workspace, skill, sha256 }) => {
      if (skill.includes('/')) throw new GenrtlError('REQUEST_INVALID', 'skill: a name of the catalogue');
      await skills.trustSkillByName(skill, sha256, contextOf(workspace));
      return {};
    },
    'skills.run': async ({ workspace, skill, parameters, database, design, launcher, tool }) => {
      if (skill.includes('/')) throw new GenrtlError('REQUEST_INVALID', 'skill: a name of the catalogue');
      return start(workspace, (context) =>
        skills.runSkillJob(
          {
            skill,
            parameters,
            database,
            design: design ?? undefined,
            launcher: { id: launcher },
            tool,
          },
          context,
        ),
      );
    },
    'skills.runs': async ({ workspace }) => ({
      runs: (await skills.listRuns(contextOf(workspace))).slice(0, SHOWN_RUNS).map(viewOf),
    }),
    'skills.run.read': async ({ workspace, job_id }) => {
      const root = workspaces.require(workspace);
      const { manifest, runDir } = await skills.readManifest(path.basename(job_id), contextOf(workspace));
      return {
        run: viewOf({ manifest }),
        manifest,
        summary: await skills.readSummary(runDir).catch(() => null),
        timeline: await timelineOf(path.join(runDir, 'job_timeline.jsonl')),
        folder: path.relative(root, runDir).replaceAll(path.sep, '/'),
        files: await filesOf(runDir),
      };
    },
    'skills.select': async ({ workspace, job_id, candidate }) =>
      start(workspace, (context) => skills.resumeSkillJob(path.basename(job_id), candidate, context)),
    'skills.stop': async ({ job_id }) => {
      const job = running.get(job_id);
      job?.abort.abort();
      await job?.ended.catch(() => undefined);
      return {};
    },
    'skills.compare': async ({ workspace, job_ids, thresholds }) => {
      const context = contextOf(workspace);
      return {
        comparison: await skills.compareRuns({
          runs: job_ids.map((id) => path.basename(id)),
          runRoot: skills.runRootOf(context),
          thresholds,
        }),
      };
    },
  };
  return {
    handlers,
    close: async () => {
      for (const { abort } of running.values()) abort.abort();
      await Promise.allSettled([...running.values()].map((job) => job.ended));
    },
  };
}

/** The last events; a line that is being written is left out. */
async function timelineOf(file: string): Promise<TimelineEvent[]> {
  const text = await readRegular(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(-SHOWN_EVENTS)
    .flatMap((line) => {
      try {
        return [TimelineEvent.parse(JSON.parse(line))];
      } catch {
        return [];
      }
    });
}

/** The run directory's files, the work folder's left out: it may hold a whole database. */
async function filesOf(runDir: string): Promise<{ path: string; size_bytes: number }[]> {
  const below = await filesBelow(runDir).catch(() => []);
  const names = below
    .filter(({ kind }) => kind === 'file')
    .map((file) => file.path)
    .filter((name) => !name.startsWith('work/') && !name.split('/').some((part) => part.startsWith('.')))
    .sort()
    .slice(0, SHOWN_FILES);
  return Promise.all(
    names.map(async (name) => ({
      path: name,
      size_bytes: await stat(path.join(runDir, name)).then(
        (info) => info.size,
        () => 0,
      ),
    })),
  );
}
