// What went to the AI module, written down before it goes: `.genRTL/ai/sent.jsonl`, the newest last.
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SentRun } from '@genrtl/contracts';
import { asDiskError } from '@genrtl/disk/records.ts';
import { makeMetaFolder } from '../workspace/meta-folder.ts';
import { workspacePaths } from '../workspace/paths.ts';

/** Beyond this the list becomes `sent.1.jsonl`, in the place of the one before. */
const MAX_BYTES = 4 << 20;

/** `root`: the workspace. Throws DISK_FULL, WORKSPACE_READ_ONLY: what cannot be written down does not go. */
export async function noteSent(root: string, run: SentRun): Promise<void> {
  const folder = path.join(workspacePaths(root).meta, 'ai');
  const file = path.join(folder, 'sent.jsonl');
  try {
    await makeMetaFolder(workspacePaths(root));
    await mkdir(folder, { recursive: true });
    const size = await stat(file).then(
      (info) => info.size,
      () => 0,
    );
    if (size > MAX_BYTES) await rename(file, path.join(folder, 'sent.1.jsonl'));
    await appendFile(file, `${JSON.stringify(run)}\n`);
  } catch (error) {
    throw asDiskError(error, file);
  }
}
