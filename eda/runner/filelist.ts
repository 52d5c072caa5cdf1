// Reads `.f` files as the simulators do, so that every tool gets the same explicit list, also those without `-f`.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { expandFilelists } from '@genrtl/core/filelist/expand.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

export interface Filelist {
  readonly sources: readonly string[];
  readonly includeDirs: readonly string[];
  readonly defines: Readonly<Record<string, string | null>>;
}

/**
 * Paths come out relative to the workspace, the tools' working directory. What core/filelist/expand.ts reads, but
 * without options and libraries: they would mean different things to different tools. Throws USAGE.
 */
export async function readFilelists(workspace: string, paths: readonly string[]): Promise<Filelist> {
  const list = await expandFilelists(
    paths.map((path) => ({ path })),
    {
      read: (path) => readRegular(resolve(workspace, path), 'utf8').catch(() => null),
      exists: (path) =>
        stat(resolve(workspace, path)).then(
          () => true,
          () => false,
        ),
      variable: (name) => process.env[name],
    },
  );
  const fault = list.notes.find(({ severity, code }) => severity === 'error' || code === 'FILELIST_OPTION');
  if (fault !== undefined)
    throw new GenrtlError(
      'USAGE',
      [[fault.file, fault.line].filter(Boolean).join(':'), fault.message].filter(Boolean).join(': '),
      {
        hint: 'Keep file names, +incdir+, +define+, -I, -D, -f and -F in file lists, and give other options to the tool.',
      },
    );
  if (list.libraryDirs.length > 0 || list.libraryFiles.length > 0)
    throw new GenrtlError('USAGE', `${paths.join(', ')}: -y and -v need a project that resolves them.`, {
      hint: 'Name the list in genrtl.yaml, or the files of the library in the list.',
    });
  const { sources, includeDirs, defines } = list;
  return { sources: sources.map(({ path }) => path), includeDirs, defines };
}
