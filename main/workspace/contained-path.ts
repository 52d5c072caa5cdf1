// Paths that a page names, held inside the workspace that the person opened: no `..`, no absolute path, no link that
// leads out.
import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts/errors.ts';

/** True for paths that only the installer may write: vendor packages and the job's own records. */
export function isLocked(relative: string): boolean {
  const lower = relative.toLowerCase();
  return lower === '.genrtl' || lower.startsWith('.genrtl/') || lower === '.git' || lower.startsWith('.git/');
}

function refuse(relative: string): GenrtlError {
  return new GenrtlError('REQUEST_INVALID', `The path leads outside the workspace: ${relative.slice(0, 200)}`);
}

/**
 * Absolute path of `relative` ('' is the workspace itself). Its deepest existing ancestor is resolved through all links
 * and must lie in the workspace. Throws REQUEST_INVALID, and WORKSPACE_NOT_FOUND when the workspace itself was moved or
 * deleted.
 */
export async function containedPath(workspace: string, relative: string): Promise<string> {
  if (relative.includes('\0') || path.isAbsolute(relative) || relative.split(/[\\/]/).includes('..'))
    throw refuse(relative);
  const root = await realpath(workspace).catch((cause: unknown) => {
    throw new GenrtlError('WORKSPACE_NOT_FOUND', 'The folder of the workspace is not there any more.', {
      hint: 'Look whether it was moved or deleted.',
      cause,
    });
  });
  const target = path.join(root, relative);
  let existing = target;
  let real = await realpath(existing).catch(() => null);
  while (real === null) {
    if (existing === root) throw refuse(relative);
    // asked afterwards: what was removed a moment ago is not there, what was made a moment ago leads somewhere
    const isThere = await exists(existing);
    if (!isThere) existing = path.dirname(existing);
    real = await realpath(existing).catch(() => null);
    // a dangling link
    if (isThere && real === null && (await exists(existing))) throw refuse(relative);
  }
  if (real !== root && !real.startsWith(root + path.sep)) throw refuse(relative);
  return target;
}

const exists = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );
