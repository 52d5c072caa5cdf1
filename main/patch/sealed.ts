// Tells which paths of a workspace are sealed: acceptance tests may lie inside it, or be reached under another name.
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ParsedPatch } from '@genrtl/core/patch/index.ts';

/**
 * The paths of a patch that are, or lie in, one of the sealed files and folders (absolute), with links resolved on
 * both sides and letter case ignored where file systems do.
 */
export async function sealedPaths(
  root: string,
  patch: ParsedPatch,
  sealed: readonly string[],
): Promise<ReadonlySet<string>> {
  const walls: string[] = [];
  for (const each of sealed) walls.push(fold(path.resolve(each)), fold(await realOfDeepest(path.resolve(each))));
  const hit = new Set<string>();
  for (const section of patch.sections) {
    for (const relative of [section.oldPath, section.newPath]) {
      if (relative === null || relative.includes('\0')) continue;
      const target = path.resolve(root, relative);
      const names = [fold(target), fold(await realOfDeepest(target))];
      if (names.some((name) => walls.some((wall) => isWithin(name, wall)))) hit.add(relative);
    }
  }
  return hit;
}

function isWithin(file: string, wall: string): boolean {
  return file === wall || file.startsWith(wall.endsWith(path.sep) ? wall : wall + path.sep);
}

function fold(file: string): string {
  return process.platform === 'linux' ? file : file.toLowerCase();
}

/** The real path of the part that exists, followed by the rest as written. */
async function realOfDeepest(absolute: string): Promise<string> {
  let existing = absolute;
  const rest: string[] = [];
  for (;;) {
    const real = await realpath(existing).catch(() => null);
    if (real !== null) return path.join(real, ...rest);
    const parent = path.dirname(existing);
    if (parent === existing) return absolute;
    rest.unshift(path.basename(existing));
    existing = parent;
  }
}
