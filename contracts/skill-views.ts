// Skills and their runs as the page shows them.
import { z } from 'zod';
import { Diagnostic } from './diagnostic.ts';
import { SkillState, SkillStatus } from './skill-run.ts';

/** A skill as the catalogue shows it; one that cannot be read has diagnostics and no parameters. */
export const SkillCard = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  version: z.string().nullable(),
  host: z.string().nullable(),
  /** a database has to be restored first */
  database: z.boolean(),
  /** JSON Schema of an object */
  parameters: z.record(z.string(), z.unknown()).nullable(),
  metrics: z.array(z.string()),
  /** names of parameters, or `database`: a run needs one of them */
  one_of: z.array(z.string()),
  /** a database may be named, and in which forms */
  database_forms: z.array(z.string()),
  origin: z.enum(['shipped', 'site', 'workspace']),
  /** its folder */
  folder: z.string(),
  /** of what decides its runs; null for one that cannot be read */
  sha256: z.string().nullable(),
  /** false: a skill of the workspace that nobody trusted here as it is now; it does not run */
  trusted: z.boolean(),
  hides_shipped: z.boolean(),
  /** its tool was found on this machine */
  installed: z.boolean(),
  diagnostics: z.array(Diagnostic),
});
export type SkillCard = z.infer<typeof SkillCard>;

export const SkillRunView = z.object({
  job_id: z.string(),
  skill: z.string(),
  version: z.string().nullable(),
  design: z.string(),
  status: SkillStatus,
  state: SkillState,
  /** this process drives it */
  live: z.boolean(),
  error_type: z.string().nullable(),
  created_at: z.string(),
  finished_at: z.string().nullable(),
});
export type SkillRunView = z.infer<typeof SkillRunView>;
