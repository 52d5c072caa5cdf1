// Which paths a patch may name at all, judged by the text alone; what lies on the disk is judged elsewhere.
import type { PatchCode } from './types.ts';

export interface PathFault {
  readonly code: PatchCode;
  readonly message: string;
}

/** Longest path that a patch may name, in UTF-16 units; file systems stop at 4096 bytes. */
const MAX_PATH_LENGTH = 1024;
const MAX_SEGMENT_LENGTH = 255;

/**
 * Null when the path is a plain relative one; otherwise the first rule that it breaks
 * (PATCH_PATH_INVALID, PATCH_PATH_ABSOLUTE, PATCH_PATH_ESCAPE, PATCH_PROTECTED).
 */
export function pathFault(path: string): PathFault | null {
  if (path === '') return { code: 'PATCH_PATH_INVALID', message: 'the path is empty' };
  if (hasControl(path))
    return { code: 'PATCH_PATH_INVALID', message: 'the path holds NUL or another control character' };
  if (path.startsWith('/') || path.startsWith('\\') || /^[A-Za-z]:/.test(path)) {
    return { code: 'PATCH_PATH_ABSOLUTE', message: 'the path is absolute' };
  }
  const segments = path.split(/[/\\]/);
  if (segments.includes('..')) return { code: 'PATCH_PATH_ESCAPE', message: 'the path leads out through `..`' };
  if (segments.some(isProtected)) return { code: 'PATCH_PROTECTED', message: 'the path lies in .git or .genRTL' };
  if (path.includes('\\'))
    return { code: 'PATCH_PATH_INVALID', message: 'the path uses backslashes; write it with `/`' };
  if (segments.some((segment) => segment === '' || segment === '.')) {
    return { code: 'PATCH_PATH_INVALID', message: 'the path has an empty part' };
  }
  if (path.length > MAX_PATH_LENGTH || segments.some((segment) => segment.length > MAX_SEGMENT_LENGTH)) {
    return { code: 'PATCH_PATH_INVALID', message: 'the path is too long' };
  }
  return null;
}

/** Paths with one key collide on file systems that ignore case or Unicode form. */
export function collisionKey(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/**
 * `.git` and `.genRTL` however a file system may fold them: letter case, trailing dots and spaces, streams and
 * short names (NTFS), ignorable code points (HFS+). The list is that of git's own protection, CVE-2014-9390.
 */
function isProtected(segment: string): boolean {
  const folded = segment
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad]/g, '')
    .toLowerCase();
  const name = (folded.split(':')[0] ?? '').replace(/^ +/, '');
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end -= 1;
  const bare = name.slice(0, end);
  return bare === '.git' || bare === '.genrtl' || bare === 'git~1' || bare === 'genrtl~1';
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
