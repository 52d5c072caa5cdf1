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
});
export type WaveRow = z.infer<typeof WaveRow>;
