// Conversations on the disk: `.genRTL/threads/<id>/messages.jsonl`, a line a message behind a line about the thread. A
// file is replaced as a whole; what somebody else put there is read within bounds or not at all.
import { lstat, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AskMessage, ThreadId, type Thread, type ThreadSummary } from '@genrtl/contracts/ask.ts';
import { GenrtlError, Instant } from '@genrtl/contracts';
import { readText, writeAtomic } from '@genrtl/disk/records.ts';
import { makeMetaFolder } from '../../workspace/meta-folder.ts';
import { workspacePaths } from '../../workspace/paths.ts';

const MAX_FILE_BYTES = 8 << 20;
const LISTED = 200;
const FILE = 'messages.jsonl';

const Head = z.object({
  schema_version: z.literal(1),
  thread_id: ThreadId,
  title: z.string().max(200),
  updated_at: Instant,
});

const threadsFolder = (root: string): string => path.join(workspacePaths(root).meta, 'threads');

/** Of a thread; throws NOT_FOUND where a link stands in its place. */
async function folderOf(root: string, threadId: string): Promise<string> {
  const folder = path.join(threadsFolder(root), ThreadId.parse(threadId));
  for (const each of [threadsFolder(root), folder]) {
    const info = await lstat(each).catch(() => null);
    if (info !== null && !info.isDirectory())
      throw new GenrtlError('NOT_FOUND', `There is no conversation ${threadId}: ${path.basename(each)} is no folder.`);
  }
  return folder;
}

/** Throws NOT_FOUND, STATE_UNREADABLE. */
export async function readThread(root: string, threadId: string): Promise<Thread> {
  const file = path.join(await folderOf(root, threadId), FILE);
  const size = await stat(file).then(
    (info) => info.size,
    () => 0,
  );
  if (size > MAX_FILE_BYTES)
    throw new GenrtlError('STATE_UNREADABLE', 'The conversation is too long to be read.', {
      hint: 'Move its folder aside, or delete it.',
    });
  const text = await readText(file);
  if (text === null) throw new GenrtlError('NOT_FOUND', `There is no conversation ${threadId}.`);
  const [first = '', ...lines] = text.split('\n');
  const head = parsed(first, Head);
  if (head === null || head.thread_id !== threadId)
    throw new GenrtlError('STATE_UNREADABLE', 'The conversation cannot be read.', {
      hint: 'It was written by a newer version or is damaged: restore it, or delete it.',
    });
  const messages = lines.filter((line) => line !== '').map((line) => parsed(line, AskMessage));
  const { schema_version: _, ...rest } = head;
  return {
    ...rest,
    messages: messages.filter((message) => message !== null),
    damaged: messages.filter((message) => message === null).length,
  };
}

function parsed<T extends z.ZodType>(line: string, schema: T): z.infer<T> | null {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** Throws DISK_FULL, WORKSPACE_READ_ONLY. Unreadable lines of the file are gone after it. */
export async function writeThread(root: string, { messages, damaged: _, ...head }: Thread): Promise<void> {
  const folder = await folderOf(root, head.thread_id);
  await makeMetaFolder(workspacePaths(root));
  const lines = [{ schema_version: 1, ...head } satisfies z.infer<typeof Head>, ...messages];
  await writeAtomic(path.join(folder, FILE), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** The newest first; folders that hold no thread are passed over. */
export async function listThreads(root: string): Promise<{ threads: ThreadSummary[]; more: number }> {
  const folder = threadsFolder(root);
  const isFolder = (await lstat(folder).catch(() => null))?.isDirectory() === true;
  const names = isFolder ? await readdir(folder, { withFileTypes: true }) : [];
  const dated = await Promise.all(
    names
      .filter((entry) => entry.isDirectory() && ThreadId.safeParse(entry.name).success)
      .map(async ({ name }) => ({
        name,
        at: await stat(path.join(folder, name, FILE)).then(
          (info) => info.mtimeMs,
          () => null,
        ),
      })),
  );
  const known = dated.filter((one) => one.at !== null).sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
  const read = await Promise.all(known.slice(0, LISTED).map(({ name }) => readThread(root, name).catch(() => null)));
  const threads = read
    .filter((thread) => thread !== null)
    .map(({ messages, damaged: _, ...head }) => ({ ...head, messages: messages.length }))
    .sort((a, b) => b.updated_at.localeCompare(a.updated_at));
  return { threads, more: Math.max(0, known.length - LISTED) };
}

export async function deleteThread(root: string, threadId: string): Promise<void> {
  await rm(await folderOf(root, threadId), { recursive: true, force: true });
}
