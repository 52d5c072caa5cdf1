// Folders for the picker of the page; works the same in Electron and over a web host on another machine.
import { access, readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { FolderView } from '@genrtl/contracts/workspace.ts';

/** More names than a person would read; a folder with more is reached by typing its path. */
const MAX_FOLDERS = 2000;

/** Throws NOT_FOUND for a folder that cannot be read. */
export async function viewFolder(folder: string | null): Promise<FolderView> {
  const wanted = folder ?? homedir();
  if (!path.isAbsolute(wanted)) throw new GenrtlError('NOT_FOUND', 'Give a full path.');
  try {
    const real = await realpath(wanted);
    const entries = await readdir(real, { withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .slice(0, MAX_FOLDERS);
    const folders = await Promise.all(
      names.map(async (name) => ({
        name,
        path: path.join(real, name),
        workspace: await access(path.join(real, name, '.genRTL')).then(
          () => true,
          () => false,
        ),
      })),
    );
    const parent = path.dirname(real);
    return { path: real, parent: parent === real ? null : parent, folders };
  } catch (error) {
    if (error instanceof GenrtlError) throw error;
    throw new GenrtlError('NOT_FOUND', `The folder ${wanted} cannot be read.`, { cause: error });
  }
}
