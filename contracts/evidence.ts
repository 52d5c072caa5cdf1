// What a failing run sends to the repair step: the smallest bundle that names the fault.
import { z } from 'zod';
import { Diagnostic } from './diagnostic.ts';

export const TimeValue = z.object({ value: z.string(), unit: z.string() });
export type TimeValue = z.infer<typeof TimeValue>;

export const Snippet = z.object({ file: z.string(), start: z.number().int(), end: z.number().int(), text: z.string() });
export type Snippet = z.infer<typeof Snippet>;

export const WaveSlice = z.object({
  signals: z.array(
    z.object({
      name: z.string(),
      width: z.number().int().positive(),
      /**
       * [time, value]; the first change gives the value at the window's start; values are binary digits with x and z
       */
      changes: z.array(z.tuple([TimeValue, z.string()])),
    }),
  ),
  window: z.object({ from: TimeValue, to: TimeValue }),
});
export type WaveSlice = z.infer<typeof WaveSlice>;

export const EvidenceBundle = z.object({
  job_id: z.string(),
  step_id: z.string(),
  tool: z.string(),
  tool_version: z.string(),
  cmd: z.array(z.string()),
  exit_code: z.number().int().nullable(),
  /** root causes first, repeats folded */
  diagnostics: z.array(Diagnostic),
  snippets: z.array(Snippet),
  trace: z.object({ check_id: z.string(), spec_line: z.number().int().positive().optional() }).optional(),
  waveform: WaveSlice.optional(),
  /** changes of testbenches in this job, in words */
  bench_changes: z.array(z.string()).optional(),
  notes: z.object({ cbb_installed: z.array(z.string()), policy: z.literal('DO_NOT_EDIT_VENDOR_CBB') }),
});
export type EvidenceBundle = z.infer<typeof EvidenceBundle>;
