// `.genRTL/build/`: the file lists of the workspace as it is now, and reading them back.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { CbbManifest, GenrtlError } from '@genrtl/contracts';
import { buildFilelists, formatFilelist, isHdlSource, parseFilelist } from '@genrtl/core/filelist/index.ts';
import type { Filelists, InstalledPackage, SourceText } from '@genrtl/core/filelist/index.ts';
import { listSources } from '../workspace/sources.ts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { readText, writeAtomic } from '@genrtl/disk/records.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { activeEntries } from './lockfile.ts';
import { packageFolder } from '@genrtl/core/cbb/vendor-path.ts';

export type { Filelists } from '@genrtl/core/filelist/index.ts';

const NAMES = { rtl: 'filelist_rtl.f', tb: 'filelist_tb.f', includeDirs: 'include_dirs.txt' } as const;

/** Larger sources are netlists: they declare no packages, and reading them costs more than their order is worth. */
const MAX_SCANNED_BYTES = 4 * 1024 * 1024;

/**
 * The lists from what is installed and what lies in src/ and tb/; writes nothing. Throws VENDOR_DAMAGED for a package
 * without manifest.
 */
export async function collectFilelists(workspace: string): Promise<Filelists> {
  const root = await realRoot(workspace);
  const [packages, src, tb] = await Promise.all([
    installedPackages(root),
    readSources(root, 'src'),
    readSources(root, 'tb'),
  ]);
  return buildFilelists({ packages, src, tb });
}

/** Writes the three files, each atomically and only when it differs, and returns what they say. */
export async function writeFilelists(workspace: string): Promise<Filelists> {
  const root = await realRoot(workspace);
  const lists = await collectFilelists(root);
  for (const kind of ['rtl', 'tb', 'includeDirs'] as const) {
    const file = path.join(workspacePaths(root).build, NAMES[kind]);
    const text = formatFilelist(lists[kind]);
    if ((await readText(file)) !== text) await writeAtomic(file, text);
  }
  return lists;
}

/** What the files say; where one is missing, the lists as they would be written. */
export async function readFilelists(workspace: string): Promise<Filelists> {
  const root = await realRoot(workspace);
  const { build } = workspacePaths(root);
  const [rtl, tb, includeDirs] = await Promise.all(
    [NAMES.rtl, NAMES.tb, NAMES.includeDirs].map((name) => readText(path.join(build, name))),
  );
  if (rtl == null || tb == null || includeDirs == null) return collectFilelists(root);
  return { rtl: parseFilelist(rtl), tb: parseFilelist(tb), includeDirs: parseFilelist(includeDirs) };
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
          manifest: CbbManifest.parse(JSON.parse(await readFile(path.join(root, folder, 'manifest.json'), 'utf8'))),
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

async function readSources(root: string, folder: 'src' | 'tb'): Promise<SourceText[]> {
  const paths = (await listSources(root, folder)).filter(isHdlSource);
  return Promise.all(
    paths.map(async (file) => {
      const absolute = path.join(root, file);
      const { size } = await stat(absolute);
      return { path: file, text: size > MAX_SCANNED_BYTES ? '' : await readFile(absolute, 'latin1') };
    }),
  );
}
