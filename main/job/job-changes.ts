// What a job changed of the sources so far: their texts before it, and the lines that it added.
import path from 'node:path';
import type { LinesByFile } from '@genrtl/core/evidence/index.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import { undoneFiles } from '../patch/index.ts';
import { changeBlocks } from '../review/change-blocks.ts';

export interface JobChanges {
  /** texts before the job by path; null: the job created the file */
  readonly before: ReadonlyMap<string, string | null>;
  /** lines of the present text that the job wrote; beside a removal its neighbours */
  readonly touched: LinesByFile;
  /** lines of the present text that the job wrote, and nothing else */
  readonly added: LinesByFile;
}

export async function changesOfJob(root: string, jobId: string): Promise<JobChanges> {
  const before = new Map<string, string | null>();
  const touched = new Map<string, Set<number>>();
  const added = new Map<string, Set<number>>();
  for (const { path: file, text } of await undoneFiles(root, jobId)) {
    const now = await readRegular(path.join(root, file), 'utf8').catch(() => null);
    before.set(file, text);
    if (now === null) continue;
    const [own, near] = [new Set<number>(), new Set<number>()];
    for (const block of changeBlocks(text, now)) {
      for (let at = 0; at < block.added.length; at++) own.add(block.newStart + at + 1);
      if (block.added.length === 0) [block.newStart, block.newStart + 1].forEach((line) => near.add(line));
    }
    added.set(file, own);
    touched.set(file, new Set([...own, ...near]));
  }
  return { before, touched, added };
}
