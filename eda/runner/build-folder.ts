// A folder for tools that drive GNU make: it must have no blanks or other characters in its path that make or a shell
// reads.
import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { guardDisk } from './record.ts';

const PLAIN = /^[\w./+-]+$/;

/**
 * null when the run folder itself will do. Else a private folder below the system's temporary one, named after the run
 * folder so that a repeated run uses the same commands.
 */
export async function buildFolder(runDir: string): Promise<string | null> {
  if (PLAIN.test(runDir)) return null;
  const folder = join(tmpdir(), `genrtl-build-${createHash('sha256').update(runDir).digest('hex').slice(0, 16)}`);
  await guardDisk(mkdir(folder, { recursive: true, mode: 0o700 }));
  const found = await lstat(folder);
  // the name can be guessed by others on a shared machine
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid())) {
    throw new GenrtlError('WORKSPACE_READ_ONLY', `The folder ${folder} belongs to someone else.`, {
      hint: 'Use a workspace whose path has no blanks and only plain ASCII letters, or set TMPDIR to a folder of your own.',
    });
  }
  return folder;
}
