// Looks whether the places that an answer names exist: the file in the workspace, and the line in the file.
import { stat } from 'node:fs/promises';
import type { CheckedCitation, Citation } from '@genrtl/contracts/ask.ts';
import { citedFile } from '@genrtl/core/ai/citations.ts';
import { regularChunks } from '@genrtl/disk/regular-file.ts';
import { containedPath } from '../../workspace/contained-path.ts';
import { listFiles } from '../../workspace/list-files.ts';

/** Lines of larger files are not counted, and count as there. */
const MAX_BYTES = 8 << 20;
const NOWHERE: CheckedCitation = { path: null, line: null };

export async function checkCitations(root: string, places: readonly Citation[]): Promise<CheckedCitation[]> {
  const { files } = await listFiles(root);
  const lines = new Map<string, number>();
  const checked: CheckedCitation[] = [];
  for (const place of places) {
    const file = citedFile(place.path, files);
    if (file === null) {
      checked.push(NOWHERE);
      continue;
    }
    const count = lines.get(file) ?? (await countLines(root, file));
    lines.set(file, count);
    checked.push({ path: file, line: place.line <= count ? place.line : null });
  }
  return checked;
}

async function countLines(root: string, file: string): Promise<number> {
  try {
    const absolute = await containedPath(root, file);
    if ((await stat(absolute)).size > MAX_BYTES) return Infinity;
    let count = 1;
    let last = 10;
    for await (const chunk of regularChunks(absolute)) {
      for (const byte of chunk) if (byte === 10) count += 1;
      last = chunk.at(-1) ?? last;
    }
    return last === 10 && count > 1 ? count - 1 : count;
  } catch {
    return 0;
  }
}
