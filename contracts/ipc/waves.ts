// Calls of the page: waveforms.
import { z } from 'zod';
import { StateName } from '../language.ts';
import { WaveComparison, WaveCondition, WaveFileInfo, WaveNote, WaveRow, WaveSignalInfo } from '../waves.ts';
import { call } from './call.ts';

export const WAVES_CALLS = {
  'waves.files': call(z.object({ workspace: z.string() }), z.object({ files: z.array(WaveFileInfo) })),
  /** opens and indexes a VCD, FST or GHW; ticks count in `tick` (value and unit) */
  'waves.open': call(
    z.object({ workspace: z.string(), path: z.string() }),
    z.object({
      signals: z.array(WaveSignalInfo),
      tick: z.object({ factor: z.number(), unit: z.string() }),
      start: z.number(),
      end: z.number(),
      notes: z.array(WaveNote),
      /** by signal, where the file declares an enumeration */
      state_names: z.record(z.string(), z.array(StateName)),
    }),
  ),
  'waves.window': call(
    z.object({
      workspace: z.string(),
      path: z.string(),
      signals: z.array(z.string()).max(500),
      from: z.number(),
      to: z.number(),
      pixels: z.number().int().min(1).max(10_000),
    }),
    z.object({ rows: z.array(WaveRow) }),
  ),
  /** the time of the next (or previous) change of a signal, null when there is none */
  'waves.edge': call(
    z.object({
      workspace: z.string(),
      path: z.string(),
      signal: z.string(),
      from: z.number(),
      direction: z.enum(['next', 'previous']),
    }),
    z.object({ tick: z.number().nullable() }),
  ),
  /** the next (or previous) time at which a signal begins to meet a condition, null when there is none */
  'waves.find': call(
    z.object({
      workspace: z.string(),
      path: z.string(),
      signal: z.string(),
      from: z.number(),
      direction: z.enum(['next', 'previous']),
      condition: WaveCondition,
    }),
    z.object({ tick: z.number().nullable() }),
  ),
  /**
   * this run against another; `scopes` empty: every signal. USAGE where the two count time differently
   */
  'waves.compare': call(
    z.object({
      workspace: z.string(),
      path: z.string(),
      other: z.string(),
      scopes: z.array(z.string()).max(2000),
    }),
    WaveComparison,
  ),
} as const;
