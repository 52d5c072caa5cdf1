// `.genRTL/state.json`: the job's durable state, replaced atomically after every transition.
import { randomBytes } from 'node:crypto';
import { JobState } from '@genrtl/contracts';
import type { Lockfile } from '@genrtl/contracts';
import { readJson, writeJson } from '@genrtl/disk/records.ts';
import { makeMetaFolder } from './meta-folder.ts';
import type { WorkspacePaths } from './paths.ts';
import { readLockfile } from './read-lockfile.ts';

export async function readState(paths: WorkspacePaths): Promise<JobState | null> {
  return readJson(paths.state, JobState);
}

export async function writeState(paths: WorkspacePaths, state: JobState): Promise<void> {
  await writeJson(paths.state, state);
}

/** The workspace's permanent id, made at the first job and kept in the lockfile. */
export async function workspaceId(paths: WorkspacePaths): Promise<string> {
  const lockfile = await readLockfile(paths);
  if (lockfile) return lockfile.workspace_id;
  const fresh: Lockfile = { lockfile_version: 1, workspace_id: `ws_${randomBytes(9).toString('hex')}`, installed: [] };
  await makeMetaFolder(paths);
  await writeJson(paths.lockfile, fresh);
  return fresh.workspace_id;
}
