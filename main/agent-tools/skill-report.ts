// What an agent is told of a skill's job, wherever the job stands: built from the manifest and summary on the disk,
// never from logs.
import path from 'node:path';
import { z } from 'zod';
import {
  DbCandidate,
  MetricValue,
  SkillState,
  SkillStatus,
  type JobManifest,
  type SkillSummary,
} from '@genrtl/contracts/skill-run.ts';
import { SkillErrorType } from '@genrtl/contracts/skill-failures.ts';
import { readManifest, readSummary } from '../skills/index.ts';
import type { AgentAnswer } from './define-tool.ts';
import type { AgentToolContext } from './context.ts';
import { present } from './evidence-files.ts';

export const SkillJobReport = {
  job_id: z.string(),
  skill: z.string(),
  design: z.string(),
  status: SkillStatus,
  state: SkillState,
  /** true while this server drives the job; false with status RUNNING: another process does, or it died */
  live: z.boolean(),
  last_event: z.string().nullable(),
  candidates: z.array(DbCandidate),
  error: z.object({ error_type: SkillErrorType, message: z.string(), hint: z.string() }).nullable(),
  metrics: z.array(MetricValue),
  next: z.string(),
};
type Report = z.output<z.ZodObject<typeof SkillJobReport>>;

/** A job id as it stands in answers; paths are not taken from agents. */
export const JobIdArgument = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, 'a job id');

function nextStep(manifest: JobManifest, live: boolean): string {
  switch (manifest.status) {
    case 'WAITING_SELECTION':
      return 'Several databases match. Ask the person which one, then call skill_select with its id.';
    case 'DONE':
      return 'Done. Compare with skill_compare, or read the cited reports with evidence_read.';
    case 'FAIL':
      return 'Failed. Start at debug_bundle/README.md with evidence_read.';
    case 'RUNNING':
      return live
        ? 'Call skill_status with wait_s to go on waiting.'
        : 'Another process supervises the job, or its supervisor died: `genrtl skill resume` closes it then.';
  }
}

function evidenceOf(manifest: JobManifest, runDir: string, summary: SkillSummary | null): string[] {
  const always = ['job_manifest.json', 'job_timeline.jsonl'];
  if (summary !== null)
    return [...always, 'summary.json', 'summary.md', ...summary.outputs.map((output) => output.path)].map((file) =>
      path.join(runDir, file),
    );
  if (manifest.status === 'FAIL')
    return [
      ...always,
      'debug_bundle/README.md',
      'debug_bundle/index.json',
      ...(manifest.error?.evidence_paths ?? []),
    ].map((file) => path.join(runDir, file));
  return always.map((file) => path.join(runDir, file));
}

/** Throws RUN_DIR_NOT_FOUND. */
export async function reportJob(jobId: string, context: AgentToolContext): Promise<AgentAnswer<Report>> {
  const { manifest, runDir } = await readManifest(jobId, context.skills);
  const live = context.jobs.find(manifest.job_id);
  const summary = manifest.status === 'DONE' ? await readSummary(runDir) : null;
  const { error } = manifest;
  return {
    data: {
      job_id: manifest.job_id,
      skill: manifest.skill.name,
      design: manifest.design,
      status: manifest.status,
      state: manifest.state,
      live: live !== null,
      last_event: live === null ? null : `${live.last.event} in ${live.last.state}: ${live.last.message}`,
      candidates: manifest.status === 'WAITING_SELECTION' ? manifest.locator.candidates : [],
      error: error === null ? null : { error_type: error.error_type, message: error.message, hint: error.hint },
      metrics: summary?.metrics ?? [],
      next: nextStep(manifest, live !== null),
    },
    evidence: (await present(evidenceOf(manifest, runDir, summary))).map((file) => context.roots.cite(file)),
  };
}
