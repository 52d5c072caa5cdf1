// The run directory's layout and the ways to write into it. Who writes which file stands in docs/skills/protocols.md.
import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { lstat, readdir, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { replaceFile } from '@genrtl/disk/atomic-file.ts';
import { asDiskError } from '@genrtl/disk/records.ts';
import { openRegular } from '@genrtl/disk/regular-file.ts';

/** Room that a failing job gets back when the disk is full, so that its end state and bundle can still be written. */
const RESERVE = Buffer.alloc(512 * 1024);

export interface RunDir {
  readonly root: string;
  readonly manifest: string;
  readonly timeline: string;
  readonly contract: string;
  readonly queue: string;
  readonly ack: string;
  readonly scripts: string;
  readonly reports: string;
  readonly session: string;
  readonly work: string;
  readonly summaryJson: string;
  readonly summaryMd: string;
  readonly bundle: string;
  readonly lock: string;
  readonly reserve: string;
}

export function runDirAt(root: string): RunDir {
  const at = (...parts: string[]): string => path.join(root, ...parts);
  return {
    root,
    manifest: at('job_manifest.json'),
    timeline: at('job_timeline.jsonl'),
    contract: at('contract.json'),
    queue: at('queue'),
    ack: at('ack'),
    scripts: at('scripts'),
    reports: at('reports'),
    session: at('session'),
    work: at('work'),
    summaryJson: at('summary.json'),
    summaryMd: at('summary.md'),
    bundle: at('debug_bundle'),
    lock: at('.supervisor.lock'),
    reserve: at('session', '.reserve'),
  };
}

export const RUN_SUBDIRECTORIES = ['queue', 'ack', 'scripts', 'reports', 'session', 'work'] as const;

/** Time first, so that a listing is in order of creation: `20261121-074500-synth_stat-1f3a9c`. */
export function newJobId(skill: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${skill.replace(/[^a-z0-9_]/gi, '_').slice(0, 36)}-${randomBytes(3).toString('hex')}`;
}

/** The run directory of a job id below `runRoot`, or of a path. Throws RUN_DIR_NOT_FOUND. */
export async function findRunDir(idOrPath: string, runRoot: string): Promise<RunDir> {
  const places = [path.join(runRoot, path.basename(idOrPath)), path.resolve(idOrPath)];
  for (const place of idOrPath.includes('/') ? places.reverse() : places) {
    const found = await lstat(path.join(place, 'job_manifest.json')).then(
      (stat) => stat.isFile(),
      () => false,
    );
    if (found) return runDirAt(place);
  }
  throw new GenrtlError('RUN_DIR_NOT_FOUND', `No run directory for '${idOrPath}' below ${runRoot}.`);
}

/** Ids of all run directories below a run root, in order of creation. */
export async function listRunDirs(runRoot: string): Promise<RunDir[]> {
  const names = await readdir(runRoot).catch(() => []);
  const found: RunDir[] = [];
  for (const name of names.sort()) {
    const dir = runDirAt(path.join(runRoot, name));
    if (
      await lstat(dir.manifest).then(
        (stat) => stat.isFile(),
        () => false,
      )
    )
      found.push(dir);
  }
  return found;
}

export async function createSubdirectories(dir: RunDir): Promise<void> {
  for (const name of RUN_SUBDIRECTORIES) mkdirSync(path.join(dir.root, name));
  await writeFile(dir.reserve, RESERVE, { flag: 'wx' });
}

export async function releaseReserve(dir: RunDir): Promise<void> {
  await unlink(dir.reserve).catch(() => undefined);
}

const asideOf = (file: string): string => path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);

/** A file that takes another's place by its name. `once`: it must not exist yet. */
interface Publication {
  readonly file: string;
  readonly text: string;
  readonly once: boolean;
}

function assertFree({ file, once }: Publication): void {
  if (once && lstatSync(file, { throwIfNoEntry: false }) !== undefined)
    throw Object.assign(new Error(`${path.basename(file)} exists already`), { code: 'EEXIST' });
}

/**
 * In one turn of the event loop: the files are a few hundred bytes and go no further than the system's cache, while
 * each hop to the thread pool and back costs more than the write, with eight jobs side by side milliseconds.
 */
function publish(publication: Publication): void {
  const temporary = asideOf(publication.file);
  try {
    writeFileSync(temporary, publication.text, { flag: publication.once ? 'wx' : 'w' });
    assertFree(publication);
    renameSync(temporary, publication.file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** `publish` for what must outlive a power cut; the disk is waited for, so this never holds up the event loop. */
async function publishDurably(publication: Publication): Promise<void> {
  assertFree(publication);
  await replaceFile(publication.file, publication.text);
}

/**
 * Writes a file of the run directory that must not exist yet; evidence is never overwritten. Whole for every reader.
 */
export function writeNew(file: string, text: string): void {
  publish({ file, text, once: true });
}

/**
 * `writeNew` that is on the disk when it resolves: for what must outlive a power cut. The rest means nothing once its
 * session is gone.
 */
export async function writeNewDurably(file: string, text: string): Promise<void> {
  await publishDurably({ file, text, once: true });
}

/**
 * Replaces a record that has one writer; readers see the old text or the new one. A full or read-only disk becomes a
 * GenrtlError.
 */
export async function replaceJson(file: string, value: unknown, { durable = false } = {}): Promise<void> {
  const publication = { file, text: `${JSON.stringify(value, null, 2)}\n`, once: false };
  try {
    if (durable) await publishDurably(publication);
    else publish(publication);
  } catch (error) {
    throw asDiskError(error, file);
  }
}

async function partOf(file: string, limit: number, fromEnd: boolean): Promise<string> {
  try {
    const handle = await openRegular(file);
    try {
      const { size } = await handle.stat();
      const length = Math.min(size, limit);
      const buffer = Buffer.alloc(length);
      await handle.read(buffer, 0, length, fromEnd ? size - length : 0);
      return buffer.toString('utf8');
    } finally {
      await handle.close();
    }
  } catch {
    return '';
  }
}

/** Last `limit` bytes of a file as text; empty when there is none. */
export const tailOf = (file: string, limit: number): Promise<string> => partOf(file, limit, true);

/** First 16 KiB of a file as text; empty when there is none. */
export const headOf = (file: string): Promise<string> => partOf(file, 16_384, false);
