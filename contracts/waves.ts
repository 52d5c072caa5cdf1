// Waveform files and the windows of them that cross to the page.
import { z } from 'zod';

/** A waveform file that was found in a workspace. */
export const WaveFileInfo = z.object({ path: z.string(), size_bytes: z.number(), modified: z.string() });
export type WaveFileInfo = z.infer<typeof WaveFileInfo>;

export const WaveSignalInfo = z.object({ name: z.string(), width: z.number().int().positive(), type: z.string() });
export type WaveSignalInfo = z.infer<typeof WaveSignalInfo>;

/**
 * One signal over a window, reduced to what a row of pixels can show. Values are binary digits with x and z.
 * `ticks[i]` is where `values[i]` begins; a value of null is a stretch with more changes than pixels.
 */
export const WaveRow = z.object({
  name: z.string(),
  ticks: z.array(z.number()),
  values: z.array(z.string().nullable()),
  /** of an event: `1` at each tick where it happened, `0` where the window begins */
  event: z.boolean().optional(),
});
export type WaveRow = z.infer<typeof WaveRow>;

/** `bits`: binary digits with x and z, the most significant first; leading zeros do not count. */
export const WaveCondition = z.object({
  op: z.enum(['eq', 'ne', 'lt', 'le', 'gt', 'ge']),
  bits: z.string().regex(/^[01xz]{1,100000}$/),
});
export type WaveCondition = z.infer<typeof WaveCondition>;

/** Where two runs part. Values are binary digits with x and z. */
export const WaveComparison = z.object({
  /** ticks: the end of the shorter run */
  end: z.number(),
  /** signals that both have in the same width */
  compared: z.number().int(),
  differing: z.number().int(),
  /** the first difference of each signal, the earliest first; at most 100 */
  differences: z.array(z.object({ name: z.string(), tick: z.number(), here: z.string(), there: z.string() })),
  /** signals that the other run does not have, or has in another width; and the other way round */
  only_here: z.number().int(),
  only_there: z.number().int(),
});
export type WaveComparison = z.infer<typeof WaveComparison>;

/**
 * What a waveform's reader had to guess or could not read. `time_goes_back`: time stamps fall behind an earlier one
 * (`detail`, a time), what follows is shown there; `timescale_missing`, `timescale_unknown` (`detail` is its text): a
 * tick is taken for 1 ns; `cut_off`: the file ends in the middle; `not_understood`: so many (`detail`) pieces of the
 * body are no change of a declared signal; `changes_cut` (`detail` is the signal and the number that is kept): it has
 * more changes in the window.
 */
export const WaveNote = z.object({
  code: z.enum([
    'cut_off',
    'time_goes_back',
    'timescale_missing',
    'timescale_unknown',
    'not_understood',
    'changes_cut',
  ]),
  detail: z.string().optional(),
});
export type WaveNote = z.infer<typeof WaveNote>;
