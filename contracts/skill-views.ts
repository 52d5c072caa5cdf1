// Skills and their runs as the page shows them.
import { z } from 'zod';
import { Diagnostic } from './diagnostic.ts';
import { SkillState, SkillStatus } from './skills.ts';

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
