// What is installed, as people see it.
import type { LockfileEntry } from '@genrtl/contracts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { activeEntries } from './lockfile.ts';
import { damageOf } from './verify.ts';

export interface InstalledView extends LockfileEntry {
  readonly intact: boolean;
}

/** Active packages in the order of the lockfile. */
export async function listInstalled(workspace: string): Promise<InstalledView[]> {
  const root = await realRoot(workspace);
  return Promise.all(
    (await activeEntries(root)).map(async (entry) => ({ ...entry, intact: (await damageOf(root, entry)) === null })),
  );
}
