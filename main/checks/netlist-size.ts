// How large a synthesised netlist is: the last count that Yosys' `stat` wrote into its log (yosys 0.23), which is the
// total of the hierarchy where there are several modules.
import path from 'node:path';
import { readRegular } from '@genrtl/disk/regular-file.ts';

/** Cells; null where the log says nothing. */
export async function netlistCells(runDir: string): Promise<number | null> {
  const text = await readRegular(path.join(runDir, 'yosys.log'), 'utf8').catch(() => '');
  const count = [...text.matchAll(/^\s+Number of cells:\s+(\d+)$/gm)].at(-1)?.[1];
  return count === undefined ? null : Number(count);
}
