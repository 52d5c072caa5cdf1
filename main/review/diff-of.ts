// One file's change as a unified diff.
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';

/** null stands for a file that does not exist; '' when nothing changes. */
export function diffOf(path: string, from: string | null, to: string | null): string {
  if (from === to) return '';
  const patch = structuredPatch(
    from === null ? '/dev/null' : `a/${path}`,
    to === null ? '/dev/null' : `b/${path}`,
    from ?? '',
    to ?? '',
    undefined,
    undefined,
    { context: 3 },
  );
  return formatPatch(patch, FILE_HEADERS_ONLY);
}
