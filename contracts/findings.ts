// Where a workspace's findings come from. Each producer (a step of the job, a tool run, a check, a netlist) keeps one
// source; its newest run replaces the one before.
import { z } from 'zod';
import { Instant } from './primitives.ts';

export const FindingSource = z.object({
  /**
   * `plan`, `job`, the name of a tool step or of a tool run's action, `check:NAME`, `schematic`; unique in a workspace
   */
  id: z.string(),
  /** null where no tool spoke */
  tool: z.string().nullable(),
  /** the findings are those so far */
  running: z.boolean(),
  /** begin of the run, or when its result was recorded */
  at: Instant,
  counts: z.object({ error: z.number().int(), warning: z.number().int(), info: z.number().int() }),
  /** findings beyond the limit of a source, which are counted but not kept */
  cut: z.number().int(),
  /** grows with every change */
  revision: z.number().int(),
});
export type FindingSource = z.infer<typeof FindingSource>;
