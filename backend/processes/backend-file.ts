// `backend.json`: how clients find the backend of a home. Written when it is ready, removed when it stops.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { Health } from '@genrtl/contracts';

export const BackendFile = z.object({
  url: z.string(),
  token: z.string(),
  pid: z.number().int(),
  /** tells a pid of this boot from one of an earlier */
  boot_id: z.string(),
  /** the processes among which the pid counts; absent in files of earlier versions, empty outside Linux */
  pid_namespace: z.string().optional(),
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

/** Whether a backend answers under the file's address; the file of a dead one names nobody, or a stranger. */
export async function answers({ url, pid }: BackendFile): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/v1/health`, { redirect: 'error', signal: AbortSignal.timeout(2000) });
    return answer.ok && Health.parse(await answer.json()).pid === pid;
  } catch {
    return false;
  }
}

/** Linux's id of this boot; elsewhere a constant. */
export async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => 'unknown')).trim();
}
