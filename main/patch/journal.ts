// Writes several files whole or not at all: contents staged, a journal with both hashes of each file, then the writes,
// then the end of the journal. After a kill at any instruction `recoverPatch` rolls forward.
import { mkdir, rename, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { GenrtlError, Sha256 } from '@genrtl/contracts';
import { asDiskError, sha256 } from '@genrtl/disk/records.ts';
import { readEntry, statOrNull } from './disk-files.ts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { moveIn, requireWritable, stageFile, sync } from './stage.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

const JOURNAL = 'patch-journal.json';
const STAGE = 'patch-journal';

const Entry = z.object({
  path: z.string(),
  /** hash of the file before; null: there was none */
  before: Sha256.nullable(),
  /** hash of the file after; null: deleted */
  after: Sha256.nullable(),
  /** name below the stage folder that holds the new contents */
  staged: z.string().regex(/^\d+$/).nullable(),
  /** permission bits after; null: what the umask gives */
  mode: z.number().int().min(0).max(0o7777).nullable(),
});
const Journal = z.object({ schema_version: z.literal(1), entries: z.array(Entry) });
type Entry = z.infer<typeof Entry>;

/** A file as it shall be. */
export interface PlannedFile {
  readonly path: string;
  readonly before: string | null;
  /** null: deleted */
  readonly contents: Buffer | null;
  readonly mode: number | null;
}

/** Moments between which a crash must lose nothing; tests die at each. */
export type JournalPoint = 'staged' | 'journaled' | `written:${number}` | 'read_back' | 'committed';

export interface JournalOptions {
  readonly onPoint?: ((point: JournalPoint) => void) | undefined;
}

/**
 * Throws FILE_CHANGED when a file is not what `before` says, DISK_FULL, WORKSPACE_READ_ONLY; then nothing is written.
 */
export async function writeFiles(
  root: string,
  files: readonly PlannedFile[],
  options: JournalOptions = {},
): Promise<void> {
  const meta = path.join(root, '.genRTL');
  const stage = path.join(meta, STAGE);
  const entries: Entry[] = files.map((file, i) => ({
    path: file.path,
    before: file.before,
    mode: file.mode,
    after: file.contents === null ? null : sha256(file.contents),
    staged: file.contents === null ? null : String(i),
  }));
  await onDisk(root, async () => {
    await rm(stage, { recursive: true, force: true });
    refuseChanged(await entriesIn(root, entries, 'changed'));
    for (const file of files) await requireWritable(path.join(root, file.path));
    await mkdir(stage, { recursive: true });
    try {
      for (const [i, file] of files.entries()) {
        if (file.contents !== null)
          await stageFile(path.join(stage, String(i)), file.contents, file.mode, path.join(root, file.path));
      }
      const draft = path.join(stage, 'journal');
      await stageFile(
        draft,
        Buffer.from(JSON.stringify({ schema_version: 1, entries } satisfies z.infer<typeof Journal>)),
        0o600,
        null,
      );
      await sync(stage);
      options.onPoint?.('staged');
      await rename(draft, path.join(meta, JOURNAL));
      await sync(meta);
    } catch (error) {
      // nothing is promised before the journal stands
      await rm(stage, { recursive: true, force: true });
      throw error;
    }
    options.onPoint?.('journaled');
    await rollForward(root, entries, options);
  });
}

export interface RecoverOptions {
  /** what to do with a file that someone changed meanwhile: stop with FILE_CHANGED, or leave it as it is now */
  readonly changed?: 'refuse' | 'keep';
}

/**
 * Finishes what a killed process began; does nothing when there is no journal. Throws FILE_CHANGED with
 * `details.files` when a file matches neither hash: then nothing is written until the person decides.
 */
export async function recoverPatch(workspace: string, options: RecoverOptions = {}): Promise<void> {
  const root = await realRoot(workspace);
  const meta = path.join(root, '.genRTL');
  await onDisk(root, async () => {
    const entries = await readJournal(path.join(meta, JOURNAL));
    if (entries === null) {
      await rm(path.join(meta, STAGE), { recursive: true, force: true });
      return;
    }
    const changed = await entriesIn(root, entries, 'changed');
    if (options.changed !== 'keep') refuseChanged(changed);
    await rollForward(
      root,
      entries.filter((entry) => !changed.includes(entry)),
      {},
    );
  });
}

async function readJournal(file: string): Promise<Entry[] | null> {
  if ((await statOrNull(file)) === null) return null;
  const text = await readRegular(file, 'utf8');
  try {
    return Journal.parse(JSON.parse(text)).entries;
  } catch (error) {
    throw new GenrtlError('STATE_UNREADABLE', '.genRTL/patch-journal.json is damaged.', {
      hint: 'Compare the files of the last patch by hand, then move .genRTL/patch-journal.json aside.',
      cause: error,
    });
  }
}

/** Every entry stands at `before` or `after`; brings all to `after`, reads them back, and ends the journal. */
async function rollForward(root: string, entries: readonly Entry[], options: JournalOptions): Promise<void> {
  const meta = path.join(root, '.genRTL');
  const folders = new Set<string>();
  for (const [i, entry] of entries.entries()) {
    if ((await stateOf(root, entry)) === 'before') {
      const target = path.join(root, entry.path);
      if (entry.staged === null) await unlink(target);
      else await moveIn(path.join(meta, STAGE, entry.staged), target, entry.mode);
      folders.add(path.dirname(target));
    }
    options.onPoint?.(`written:${i}`);
  }
  for (const folder of folders) await sync(folder);
  refuseChanged([...(await entriesIn(root, entries, 'before')), ...(await entriesIn(root, entries, 'changed'))]);
  options.onPoint?.('read_back');
  await unlink(path.join(meta, JOURNAL));
  await sync(meta);
  options.onPoint?.('committed');
  await rm(path.join(meta, STAGE), { recursive: true, force: true });
}

async function entriesIn(root: string, entries: readonly Entry[], state: 'before' | 'changed'): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const entry of entries) if ((await stateOf(root, entry)) === state) found.push(entry);
  return found;
}

async function stateOf(root: string, entry: Entry): Promise<'before' | 'after' | 'changed'> {
  const now = await readEntry(root, entry.path);
  const hash = now.kind === 'file' ? now.sha256 : now.kind === 'absent' ? null : undefined;
  const modeOnly = entry.before === entry.after;
  if (hash === entry.after && !(modeOnly && now.kind === 'file' && now.mode !== entry.mode)) return 'after';
  if (hash === entry.before && (entry.staged === null || (await isStaged(root, entry.staged)))) return 'before';
  return 'changed';
}

/**
 * Before the contents are staged nothing is lost; after they were moved in, `before` means that someone put the old
 * text back.
 */
async function isStaged(root: string, name: string): Promise<boolean> {
  const stage = path.join(root, '.genRTL', STAGE);
  return (await statOrNull(stage)) === null || (await statOrNull(path.join(stage, name))) !== null;
}

function refuseChanged(entries: readonly Entry[]): void {
  if (entries.length === 0) return;
  const files = entries.map((entry) => entry.path);
  throw new GenrtlError('FILE_CHANGED', `Changed by someone else in the meantime: ${files.join(', ')}.`, {
    details: { files },
  });
}

async function onDisk(root: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw asDiskError(error, root);
  }
}
