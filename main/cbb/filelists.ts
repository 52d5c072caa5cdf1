// The file lists that tools get: installed packages and the project's own sources; and `.genRTL/build/`, where they are
// written for people and for tools outside genRTL.
import path from 'node:path';
import { CbbManifest, GenrtlError } from '@genrtl/contracts';
import { buildFilelists, formatDefines, formatFilelist } from '@genrtl/core/filelist/index.ts';
import type { Filelists, InstalledPackage } from '@genrtl/core/filelist/index.ts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { readText, writeAtomic } from '@genrtl/disk/records.ts';
import { loadProject } from '../project/load-project.ts';
import type { LoadedProject } from '../project/load-project.ts';
import { makeMetaFolder } from '../workspace/meta-folder.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { activeEntries } from './lockfile.ts';
import { packageFolder } from '@genrtl/core/cbb/vendor-path.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

export type { Filelists } from '@genrtl/core/filelist/index.ts';

export interface CompileInput extends Filelists {
  readonly project: LoadedProject;
}

/**
 * The lists from what is installed and what the project is made of now; writes nothing. Throws VENDOR_DAMAGED for a
 * package without manifest, PROJECT_INVALID.
 */
export async function collectFilelists(workspace: string, env: NodeJS.ProcessEnv = process.env): Promise<CompileInput> {
  const root = await realRoot(workspace);
  const [packages, project] = await Promise.all([installedPackages(root), loadProject(root, env)]);
  return { ...buildFilelists({ packages, project }), project };
}

/** Writes the files, each atomically and only when it differs, and returns what they say. */
export async function writeFilelists(workspace: string, env: NodeJS.ProcessEnv = process.env): Promise<CompileInput> {
  const root = await realRoot(workspace);
  const lists = await collectFilelists(root, env);
  await makeMetaFolder(workspacePaths(root));
  const texts: Readonly<Record<string, string>> = {
    'filelist_rtl.f': formatFilelist(lists.rtl),
    'filelist_tb.f': formatFilelist(lists.tb),
    'include_dirs.txt': formatFilelist(lists.includeDirs),
    'defines.f': formatDefines(lists.benchDefines),
  };
  for (const [name, text] of Object.entries(texts)) {
    const file = path.join(workspacePaths(root).build, name);
    if ((await readText(file)) !== text) await writeAtomic(file, text);
  }
  return lists;
}

/** The active version of each installed package with its manifest. Throws VENDOR_DAMAGED. */
export async function installedPackages(workspace: string): Promise<InstalledPackage[]> {
  const root = await realRoot(workspace);
  return Promise.all(
    (await activeEntries(root)).map(async (entry) => {
      const folder = packageFolder(entry);
      try {
        return {
          folder,
          manifest: CbbManifest.parse(JSON.parse(await readRegular(path.join(root, folder, 'manifest.json'), 'utf8'))),
        };
      } catch (cause) {
        throw new GenrtlError('VENDOR_DAMAGED', `${entry.cbb_id} ${entry.version}: its manifest.json cannot be read.`, {
          details: { packages: [{ cbb_id: entry.cbb_id, version: entry.version }] },
          cause,
        });
      }
    }),
  );
}
