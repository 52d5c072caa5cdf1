// Calls of the page: skills and their runs.
import { z } from 'zod';
import { SkillCard, SkillRunView } from '../skill-views.ts';
import { Comparison } from '../skill-batch.ts';
import { LauncherId } from '../skill-contract.ts';
import { JobManifest, SkillSummary, TimelineEvent } from '../skill-run.ts';
import { call, None } from './call.ts';

const SkillJobId = z.string().max(120);

export const SKILLS_CALLS = {
  'skills.list': call(z.object({ workspace: z.string() }), z.object({ skills: z.array(SkillCard) })),
  /** the person read the skill with this hash, and lets it run on this machine */
  'skills.trust': call(z.object({ workspace: z.string(), skill: z.string().max(120), sha256: z.string() }), None),
  /** answers once the run has its directory; the rest is told by `skills.event` */
  'skills.run': call(
    z.object({
      workspace: z.string(),
      skill: z.string().max(120),
      parameters: z.record(z.string(), z.unknown()),
      database: z.string().nullable(),
      design: z.string().nullable(),
      launcher: LauncherId,
      tool: z.string().nullable(),
    }),
    z.object({ job_id: z.string() }),
  ),
  /** newest first */
  'skills.runs': call(z.object({ workspace: z.string() }), z.object({ runs: z.array(SkillRunView) })),
  /** `folder` is the run directory relative to the workspace; `files` are relative to it */
  'skills.run.read': call(
    z.object({ workspace: z.string(), job_id: SkillJobId }),
    z.object({
      run: SkillRunView,
      manifest: JobManifest,
      summary: SkillSummary.nullable(),
      timeline: z.array(TimelineEvent),
      folder: z.string(),
      files: z.array(z.object({ path: z.string(), size_bytes: z.number() })),
    }),
  ),
  /** number or path of a candidate */
  'skills.select': call(
    z.object({ workspace: z.string(), job_id: SkillJobId, candidate: z.string() }),
    z.object({ job_id: z.string() }),
  ),
  'skills.stop': call(z.object({ workspace: z.string(), job_id: SkillJobId }), None),
  /** against the first; thresholds as `wns>=0` or `cells<=+5%` */
  'skills.compare': call(
    z.object({
      workspace: z.string(),
      job_ids: z.array(SkillJobId).min(1).max(20),
      thresholds: z.array(z.string().max(120)).max(50),
    }),
    z.object({ comparison: Comparison }),
  ),
} as const;
