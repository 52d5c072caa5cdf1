// The one reading of the system's error numbers about files: what is wrong, apart from how each place says it.

export type DiskTrouble = 'full' | 'not_writable' | 'not_a_folder' | 'is_a_folder' | 'missing' | 'exists';

const TROUBLE: Readonly<Record<string, DiskTrouble>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'not_writable',
  EACCES: 'not_writable',
  EPERM: 'not_writable',
  ENOTDIR: 'not_a_folder',
  ELOOP: 'not_a_folder',
  ENAMETOOLONG: 'not_a_folder',
  EISDIR: 'is_a_folder',
  ENOENT: 'missing',
  EEXIST: 'exists',
};

/** Null for errors that are not about files, or not of a kind that a person can mend. */
export function diskTrouble(error: unknown): DiskTrouble | null {
  const { code, syscall } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  // Node 24's recursive mkdir answers ENOENT on a read-only file system.
  if (code === 'ENOENT' && syscall === 'mkdir') return 'not_writable';
  return TROUBLE[code ?? ''] ?? null;
}
