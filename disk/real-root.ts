// The real path of a workspace's folder.
import { lstat, realpath } from 'node:fs/promises';
import { GenrtlError } from '@genrtl/contracts/errors.ts';

/** The workspace's real path. Throws WORKSPACE_NOT_FOUND. */
export async function realRoot(workspace: string): Promise<string> {
  const root = await realpath(workspace).catch(() => null);
  if (root === null || !(await lstat(root)).isDirectory())
    throw new GenrtlError('WORKSPACE_NOT_FOUND', `There is no folder ${workspace}.`);
  return root;
}
