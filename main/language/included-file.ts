// The file that an `` `include `` names, by the rule that the tools get their include folders from.
import { resolveIncludes } from '@genrtl/core/filelist/includes.ts';
import { isVhdl } from './read-source.ts';
import type { SyntaxIndex } from './syntax-index.ts';

interface At {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Null where the place is not inside the quotes of an include, or nothing of that name is in the workspace. */
export async function includedFile(index: SyntaxIndex, { path, line, column }: At): Promise<string | null> {
  if (isVhdl(path)) return null;
  const text = ((await index.text(path)) ?? '').split('\n', line)[line - 1] ?? '';
  const found = /^\s*`include\s*["<]([^">]+)[">]/.exec(text);
  const name = found?.[1];
  if (found === null || name === undefined || column <= found[0].length - name.length - 1 || column > found[0].length)
    return null;
  const files = new Set(index.files());
  const base = name.slice(name.lastIndexOf('/') + 1);
  const { includes } = resolveIncludes([path], (from) => (from === path ? { includes: [{ name, line }] } : null), {
    includeDirs: [],
    isFile: (file) => files.has(file),
    endingWith: () => [...files].filter((file) => file === base || file.endsWith(`/${base}`)),
  });
  return includes[0]?.path ?? null;
}
