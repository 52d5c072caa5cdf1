// Waveforms: VCD directly, FST through fst2vcd, GHW through an own converter. Serves evidence, the viewer and agents.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { readEnumNames } from './fst/enum-names.ts';
import { convertGhw, GHW_MAGIC } from './ghw/convert-ghw.ts';
import type { WaveFile } from './types.ts';
import { openVcd } from './vcd-file.ts';
import { openRegular } from '@genrtl/disk/regular-file.ts';

export { openVcd } from './vcd-file.ts';
export { waveNoteText } from './notes.ts';
export { parseTime, ticksToTime, timeToTicks } from './time.ts';
export { valueText } from './vcd-scan.ts';
export type { ChangeVisit, Timescale, WaveFile, WaveQuery, WaveSignal } from './types.ts';

/**
 * Opens a VCD, FST or GHW file, told apart by content; the last two are converted into a temporary VCD first. Throws
 * USAGE for others, TOOL_MISSING without fst2vcd.
 */
export async function openWaves(path: string): Promise<WaveFile> {
  const head = await headOf(path);
  if (/^(?:\xef\xbb\xbf)?\s*\$/.test(head)) return openVcd(path);
  const folder = await mkdtemp(join(tmpdir(), 'genrtl-waves-'));
  try {
    const vcd = join(folder, 'waves.vcd');
    const isGhw = head.startsWith(GHW_MAGIC);
    const cutOff = isGhw ? (await convertGhw(path, vcd)).cutOff : await fromFst(path, vcd);
    const enumNames = isGhw ? new Map() : await readEnumNames(path);
    const file = await openVcd(vcd, cutOff ? [{ code: 'cut_off' }] : [], enumNames);
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

async function fromFst(path: string, vcd: string): Promise<false> {
  // the runner of tools, which reading a VCD does not need
  const { convertFst } = await import('../runner/index.ts');
  await convertFst(path, vcd);
  return false;
}

/** The file's first bytes, one character each. */
async function headOf(path: string): Promise<string> {
  try {
    const handle = await openRegular(path);
    try {
      const head = Buffer.alloc(64);
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      return head.toString('latin1', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof GenrtlError) throw cause;
    throw new GenrtlError('USAGE', `The waveform ${path} cannot be read.`, { hint: 'Check its path.', cause });
  }
}
