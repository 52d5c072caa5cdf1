// Include folders that a tool could not read: it would only say that a file is missing, and blame the source.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';

/** One that is not there holds nothing: tools pass over it. Throws SOURCE_UNREADABLE naming the folder. */
export async function requireReadableFolders(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await readdir(path.resolve(root, folder));
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') continue;
      throw new GenrtlError(
        'SOURCE_UNREADABLE',
        `The include folder ${folder} cannot be read (${code ?? 'unknown'}).`,
        {
          details: { folder },
          cause,
        },
      );
    }
  }
}
