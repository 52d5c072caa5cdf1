// Which files of a project a model may be sent at all. What fits into a request is chosen from these.
import { isHeader } from '../filelist/source-facts.ts';
import { anyGlob } from './glob.ts';
import type { Matcher } from './glob.ts';
import type { ResolvedProject } from './resolve.ts';
import { fileSets } from './select.ts';

/**
 * HDL, headers and file lists of the file sets inside the workspace, sorted: what is compiled, what that includes, and
 * headers that the sets' globs name although nobody includes them yet. `files`: every file of the workspace.
 */
export function modelFiles(
  project: ResolvedProject & { readonly files: readonly string[] },
  isHidden: Matcher,
): string[] {
  const { rtl, tb } = fileSets(project.config);
  const globs = [...rtl.files, ...tb.files].filter((glob) => !glob.startsWith('!'));
  const named = anyGlob(globs);
  const chosen = new Set([
    ...[...project.rtl.sources, ...project.tb.sources].map(({ path }) => path),
    // whatever its extension: it is code because some source includes it
    ...project.headers,
    // a patch that creates a file names it there
    ...project.filelists,
    ...project.files.filter((file) => isHeader(file) && named(file)),
  ]);
  return [...chosen]
    .filter(
      (file) => !file.startsWith('/') && !file.startsWith('../') && !file.startsWith('.genRTL/') && !isHidden(file),
    )
    .sort();
}
