// Waveforms: VCD directly, FST through fst2vcd. Serves evidence, the viewer and agents.
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { convertFst } from '../runner/index.ts';
import type { WaveFile } from './types.ts';
import { openVcd } from './vcd-file.ts';

export { openVcd } from './vcd-file.ts';
export { parseTime, ticksToTime, timeToTicks } from './time.ts';
export { valueText } from './vcd-scan.ts';
export type { ChangeVisit, Timescale, WaveFile, WaveQuery, WaveSignal } from './types.ts';

/** Opens a VCD or an FST file, told apart by content. Throws USAGE for others, TOOL_MISSING without fst2vcd. */
export async function openWaves(path: string): Promise<WaveFile> {
  if (await looksLikeVcd(path)) return openVcd(path);
  const folder = await mkdtemp(join(tmpdir(), 'genrtl-waves-'));
  try {
    const vcd = join(folder, 'waves.vcd');
    await convertFst(path, vcd);
    const file = await openVcd(vcd);
    const close = file.close.bind(file);
    file.close = async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    };
    return file;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A VCD starts with a `$` section; an FST with a block type of 0, 1 or 254. */
async function looksLikeVcd(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'r');
    try {
      const head = Buffer.alloc(64);
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      return head.toString('latin1', 0, bytesRead).trimStart().startsWith('$');
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new GenrtlError('USAGE', `The waveform ${path} cannot be read.`, { hint: 'Check its path.', cause });
  }
}
