// All files of a workspace, for search by name: links are not followed, what only tools read is left out.
import { readdir } from 'node:fs/promises';
import path from 'node:path';

const LEFT_OUT = /^(\.git|node_modules|\.genRTL\/(runs|build|undo))(\/|$)|\/(\.git|node_modules)(\/|$)/;
export const MAX_FILES = 100_000;
const AT_ONCE = 32;

export async function listFiles(
  workspace: string,
  limit = MAX_FILES,
): Promise<{ files: string[]; truncated: boolean }> {
  const files: string[] = [];
  let level = [''];
  while (level.length > 0 && files.length <= limit) {
    const batch = level.splice(0, AT_ONCE);
    const found = await Promise.all(
      batch.map(async (folder) => ({
        folder,
        entries: await readdir(path.join(workspace, folder), { withFileTypes: true }).catch(() => []),
      })),
    );
    for (const { folder, entries } of found) {
      for (const entry of entries) {
        const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (LEFT_OUT.test(relative)) continue;
        if (entry.isDirectory()) level.push(relative);
        else if (entry.isFile()) files.push(relative);
      }
    }
    level = level.filter((folder) => folder !== '');
  }
  return { files: files.slice(0, limit).sort((a, b) => (a < b ? -1 : 1)), truncated: files.length > limit };
}
