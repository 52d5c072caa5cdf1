// Calls of the page: the job of a workspace.
import { z } from 'zod';
import { Quote } from '../cbb.ts';
import { Diagnostic } from '../diagnostic.ts';
import { EvidenceBundle } from '../evidence.ts';
import { FileOwner, JobNote, JobSettings, JobState, JobSummary } from '../job.ts';
import { Plan } from '../plan.ts';
import { CbbId, JobId } from '../primitives.ts';
import { OutgoingView, SentList } from '../sent.ts';
import { ToolRunRecord } from '../tools.ts';
import { Waiver } from '../verdicts.ts';
import { FileChange } from '../workspace.ts';
import { call, None } from './call.ts';

export const JOB_CALLS = {
  'job.start': call(z.object({ workspace: z.string(), settings: JobSettings }), z.object({ job_id: z.string() })),
  'job.resume': call(
    z.object({
      workspace: z.string(),
      approve: z.boolean(),
      max_usd: z.string().nullable(),
      waivers: z.array(Waiver).max(200).optional(),
      accept_bench_changes: z.boolean().optional(),
    }),
    z.object({ job_id: z.string() }),
  ),
  'job.cancel': call(z.object({ workspace: z.string() }), None),
  /** runs a step anew and goes on from there; every limit but the cap counts from zero */
  'job.retry': call(
    z.object({ workspace: z.string(), step_id: z.string(), note: z.string().max(4000).nullable() }),
    z.object({ job_id: z.string() }),
  ),
  /** has one finding mended, in its own file only, then checked like any other patch */
  'job.fix': call(z.object({ workspace: z.string(), finding: Diagnostic }), z.object({ job_id: z.string() })),
  /** changes the plan while it waits at its gate; throws PLAN_INVALID with `details.problems` */
  'job.editPlan': call(
    z.object({ workspace: z.string(), plan: Plan }),
    z.object({ plan: Plan, contradictions: z.array(z.string()) }),
  ),
  'job.notes': call(z.object({ workspace: z.string() }), z.object({ notes: z.array(JobNote) })),
  'job.addNote': call(
    z.object({ workspace: z.string(), text: z.string().trim().min(1).max(4000) }),
    z.object({ notes: z.array(JobNote) }),
  ),
  /** `force` overwrites files that were edited since; without it those throw FILE_CHANGED with `details.files` */
  'job.undo': call(
    z.object({ workspace: z.string(), force: z.boolean().optional(), job_id: JobId.optional() }),
    z.object({ restored: z.array(z.string()) }),
  ),
  /** while a purchase waits: not this package, but another or none; the choice is made anew. Throws USAGE */
  'job.decline': call(
    z.object({ workspace: z.string(), cbb_id: CbbId, instead: CbbId.nullable() }),
    z.object({ job_id: z.string() }),
  ),
  /** whose the files are, in the order asked */
  'job.owners': call(
    z.object({ workspace: z.string(), paths: z.array(z.string()).max(1000) }),
    z.object({ owners: z.array(FileOwner) }),
  ),
  /** every job of the workspace, the newest first */
  'job.history': call(z.object({ workspace: z.string() }), z.object({ jobs: z.array(JobSummary) })),
  /** an earlier job as it ended, with its plan and what it changed */
  'job.past': call(
    z.object({ workspace: z.string(), job_id: JobId }),
    z.object({ state: JobState, plan: Plan.nullable(), changes: z.array(FileChange) }),
  ),
  /** what a new job would send to a model */
  'job.outgoing': call(
    z.object({ workspace: z.string(), spec_path: z.string().nullable(), model: z.string().nullable() }),
    OutgoingView,
  ),
  'job.plan': call(z.object({ workspace: z.string() }), z.object({ plan: Plan.nullable(), quotes: z.array(Quote) })),
  'job.changes': call(z.object({ workspace: z.string() }), z.object({ changes: z.array(FileChange) })),
  'job.log': call(
    z.object({
      workspace: z.string(),
      step_id: z.string(),
      stream: z.enum(['stdout', 'stderr']),
      offset: z.number().int(),
    }),
    z.object({ text: z.string(), next_offset: z.number().int(), size_bytes: z.number().int() }),
  ),
  /** all that a tool step left behind; null where a file was not written */
  'job.run': call(
    z.object({ workspace: z.string(), step_id: z.string() }),
    z.object({
      record: ToolRunRecord.nullable(),
      diagnostics: z.array(Diagnostic),
      evidence: EvidenceBundle.nullable(),
      patch: z.string().nullable(),
      sent: SentList.nullable(),
    }),
  ),
} as const;
