// A file map for callers that hold the texts already (the server's form check, tests).
import type { PatchFile, PatchFiles } from './types.ts';

/** Presents texts by path as files; every proper prefix of a path is a folder. */
export function filesFrom(texts: Readonly<Record<string, string>>): PatchFiles {
  const files = new Map<string, PatchFile>();
  for (const [path, text] of Object.entries(texts)) {
    const parts = path.split('/');
    for (let count = 1; count < parts.length; count += 1)
      files.set(parts.slice(0, count).join('/'), { kind: 'directory' });
    files.set(path, text.includes('\0') ? { kind: 'binary' } : { kind: 'text', text });
  }
  return { read: (path) => files.get(path) ?? { kind: 'missing' } };
}
