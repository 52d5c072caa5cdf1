// A copy of a workspace's sources with some of them changed, for trying what is not applied yet.
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GenrtlError, PROJECT_FILE } from '@genrtl/contracts';

/** What tools read of a workspace: sources with the data beside them, packages, and what says where they are. */
const COPIED = ['src', 'tb', '.genRTL/vendor', '.genRTL/genRTL.lock.json'];
/** Of a project the sources may lie anywhere, and its own commands read what only they know. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', '.genRTL', 'node_modules']);
const MAX_BYTES = 512 * 1024 * 1024;

/** Texts by path; null: the file is not there. */
export type Overrides = ReadonlyMap<string, string | null>;

/** Throws TOOL_FAILED when there is more to copy than is sensible. */
export async function withScratch<T>(
  root: string,
  more: readonly string[],
  overrides: Overrides,
  work: (scratch: string) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'genrtl-scratch-'));
  try {
    const budget = { left: MAX_BYTES };
    const all = existsSync(path.join(root, PROJECT_FILE))
      ? (await readdir(root)).filter((name) => !LEFT_OUT.has(name))
      : [];
    for (const name of new Set([
      ...COPIED,
      ...all,
      ...more.filter((file) => !path.isAbsolute(file) && !file.startsWith('../')),
    ]))
      await copyTree(path.join(root, name), path.join(scratch, name), budget);
    for (const [file, text] of overrides) {
      const target = path.join(scratch, file);
      if (text === null) await rm(target, { force: true });
      else {
        await mkdir(path.dirname(target), { recursive: true });
        await writeFile(target, text);
      }
    }
    return await work(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Links to files are followed, links to folders are not; what is neither file nor folder is passed over. */
async function copyTree(from: string, to: string, budget: { left: number }): Promise<void> {
  const stats = await stat(from).catch(() => null);
  if (stats === null) return;
  if (stats.isFile()) {
    budget.left -= stats.size;
    if (budget.left < 0) throw new GenrtlError('TOOL_FAILED', 'The sources are too large for a copy of their own.');
    await mkdir(path.dirname(to), { recursive: true });
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    return;
  }
  if (!stats.isDirectory()) return;
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.name === '.git' || entry.name === 'node_modules') continue;
    if (entry.isSymbolicLink() && (await stat(path.join(from, entry.name)).catch(() => null))?.isDirectory()) continue;
    await copyTree(path.join(from, entry.name), path.join(to, entry.name), budget);
  }
}
