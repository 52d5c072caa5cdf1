// `.genRTL/`: genRTL's own records in a workspace. Its own ignore file keeps all of it out of git but the lockfile and
// the settings, which belong to the project.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { writeAtomic } from '@genrtl/disk/records.ts';
import type { WorkspacePaths } from './paths.ts';

const IGNORE = `# genRTL keeps its records here; only the lockfile and the settings belong to the project.
*
!.gitignore
!genRTL.lock.json
!settings.json
`;

/**
 * Makes the folder; an ignore file that is there stays as the person wrote it. Throws WORKSPACE_READ_ONLY, DISK_FULL.
 */
export async function makeMetaFolder({ meta }: Pick<WorkspacePaths, 'meta'>): Promise<void> {
  const file = path.join(meta, '.gitignore');
  if (!existsSync(file)) await writeAtomic(file, IGNORE);
}
