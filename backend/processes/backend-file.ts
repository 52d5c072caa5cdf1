// `backend.json`: how clients find the backend of a home. Written when it is ready, removed when it stops.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

export const BackendFile = z.object({
  url: z.string(),
  token: z.string(),
  pid: z.number().int(),
  /** tells a pid of this boot from one of an earlier */
  boot_id: z.string(),
  started_at: z.iso.datetime(),
});
export type BackendFile = z.infer<typeof BackendFile>;

export async function writeBackendFile(path: string, content: BackendFile): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  await rename(temporary, path);
}

export async function readBackendFile(path: string): Promise<BackendFile | null> {
  try {
    return BackendFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

export async function removeBackendFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Linux's id of this boot; elsewhere a constant. */
export async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => 'unknown')).trim();
}
