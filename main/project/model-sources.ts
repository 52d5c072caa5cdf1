// The project's sources as a model may see them, by allow-list: HDL and headers of its file sets inside the workspace,
// never what is hidden or sealed.
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '@genrtl/disk/records.ts';
import { modelFiles } from '@genrtl/core/project/model-files.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import type { LoadedProject } from './load-project.ts';

/** Files beyond this stay out of prompts; tools still read them. */
const MAX_MODEL_FILE_BYTES = 256 * 1024;

export interface SourceFile {
  /** relative to the workspace root, forward slashes */
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
}

/**
 * Sorted by path, so that prompts do not depend on the disk's order. `sealedFolder`: absolute. `tooLarge` hears of
 * files that are left out for their size.
 */
export async function readModelSources(
  project: LoadedProject,
  sealedFolder: string | null,
  tooLarge?: (path: string) => void,
): Promise<SourceFile[]> {
  const sealed = sealedFolder ? await realpath(sealedFolder).catch(() => sealedFolder) : null;
  const files: SourceFile[] = [];
  for (const file of modelFiles(project, project.isHidden)) {
    const absolute = await realpath(path.join(project.root, file)).catch(() => null);
    if (absolute === null || !absolute.startsWith(project.root + path.sep)) continue;
    if (sealed && (absolute === sealed || absolute.startsWith(sealed + path.sep))) continue;
    // a link must not bring out what is hidden where it lies
    if (project.isHidden(path.relative(project.root, absolute).replaceAll(path.sep, '/'))) continue;
    if ((await stat(absolute)).size > MAX_MODEL_FILE_BYTES) {
      tooLarge?.(file);
      continue;
    }
    const bytes = await readRegular(absolute);
    if (bytes.includes(0)) continue;
    files.push({ path: file, text: bytes.toString('utf8'), sha256: sha256(bytes) });
  }
  return files;
}
