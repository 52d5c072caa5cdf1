// File names that job-written code may open: relative, inside the workspace, not the tools' own folders.

export function isLocalPath(path: string): boolean {
  if (path === '' || /[\0\\]/.test(path) || /^[/~]/.test(path) || /^[A-Za-z]:/.test(path)) return false;
  const parts = path.split('/');
  return !parts.includes('..') && !/^\.(?:git|genrtl)$/i.test(parts[0] === '.' ? (parts[1] ?? '') : (parts[0] ?? ''));
}

/** Without a leading `./` and doubled separators: what names the same file is the same text. */
export const plainPath = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
