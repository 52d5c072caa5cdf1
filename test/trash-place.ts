// Where tests that share a process find what they trashed: the library reads its environment once, with its first use.
import { readFile, readdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

const OWN = path.join(tmpdir(), `genrtl-test-trash-${process.pid}`);

/** Before anything is trashed: not into the person's own. Whoever of the process was first decided. */
export function useTestTrash(): void {
  process.env['XDG_DATA_HOME'] = OWN;
}

/** What was trashed from this place, the newest last; [] when nothing was. */
export async function trashedFrom(original: string): Promise<string[]> {
  const found: { readonly file: string; readonly at: string }[] = [];
  for (const data of [OWN, path.join(homedir(), '.local/share')]) {
    const folder = path.join(data, 'Trash');
    for (const name of await readdir(path.join(folder, 'info')).catch(() => [])) {
      const info = await readFile(path.join(folder, 'info', name), 'utf8');
      if (!info.includes(`Path=${encodeURI(original)}\n`)) continue;
      found.push({ file: path.join(folder, 'files', name.replace(/\.trashinfo$/, '')), at: info });
    }
  }
  found.sort((one, other) => (one.at < other.at ? -1 : 1));
  return Promise.all(found.map(({ file }) => readFile(file, 'utf8')));
}
