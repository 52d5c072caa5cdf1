// Imports of texts in memory, for tests.
import { importProject } from './index.ts';
import type { Imported } from './index.ts';

/** Texts by path. Throws where nothing is found. */
export async function imported(
  texts: Readonly<Record<string, string>>,
  manifest: string | null = null,
): Promise<Imported> {
  const found = await importProject(
    { files: Object.keys(texts).sort(), read: (path) => Promise.resolve(texts[path] ?? null) },
    manifest,
  );
  if (found === null) throw new Error('nothing was found');
  return found;
}

export const empty = (...paths: string[]): Record<string, string> =>
  Object.fromEntries(paths.map((path) => [path, '']));

export const messages = ({ notes }: Imported): string => notes.map(({ message }) => message).join('\n');
