// `.genRTL/genRTL.lock.json` as people and version control leave it: with a byte order mark, with the marks of a merge,
// edited by hand. It stands in git, so it is the one record that meets them.
import { GenrtlError, Lockfile } from '@genrtl/contracts';
import { readText } from '@genrtl/disk/records.ts';
import type { WorkspacePaths } from './paths.ts';

const NAME = '.genRTL/genRTL.lock.json';

/** Null when there is none. Throws LOCKFILE_UNREADABLE with the line in its message. */
export async function readLockfile({ lockfile }: Pick<WorkspacePaths, 'lockfile'>): Promise<Lockfile | null> {
  const text = (await readText(lockfile))?.replace(/^\ufeff/, '') ?? null;
  if (text === null) return null;
  const conflict = text.split('\n').findIndex((line) => /^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)/.test(line));
  if (conflict !== -1)
    throw new GenrtlError('LOCKFILE_UNREADABLE', `${NAME}:${conflict + 1}: a merge conflict is not resolved.`, {
      hint: 'In that file take one side of each conflict, then run `npx genrtl cbb install`: it fetches what is missing.',
    });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    const line = /\(line (\d+) column \d+\)/.exec(cause instanceof Error ? cause.message : '')?.[1];
    const at = line ?? String(text.split('\n').length);
    throw new GenrtlError('LOCKFILE_UNREADABLE', `${NAME}:${at}: that is no JSON.`, { cause });
  }
  const parsed = Lockfile.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new GenrtlError(
    'LOCKFILE_UNREADABLE',
    `${NAME}: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not what it should be'}.`,
  );
}
