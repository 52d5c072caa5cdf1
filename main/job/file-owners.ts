// Whose the files are that a job means to write: genRTL's, when one of its jobs wrote the whole of them and nobody
// touched them since; else the person's, whatever a job changed in them.
import { readdir } from 'node:fs/promises';
import { GenrtlError, type FileOwner, type JobFacts, type JobSettings } from '@genrtl/contracts';
import { parsePatch, pathFault } from '@genrtl/core/patch/index.ts';
import { writtenBy, type WrittenFile } from '../patch/index.ts';
import { readEntry } from '../patch/disk-files.ts';
import { trackedByGit } from '../processes/git.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import type { Approval } from './step.ts';

/** A file with its hash on disk; null where it does not exist. */
interface OwnedFile extends FileOwner {
  readonly sha256: string | null;
}

/** In the order asked; a path that is no plain relative one, or leads to a link or folder, counts as the person's. */
export async function fileOwners(
  paths: WorkspacePaths,
  files: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<OwnedFile[]> {
  const [owned, tracked] = await Promise.all([ownersOf(paths, files), trackedOf(paths, files, env)]);
  return owned.map((file) => ({ ...file, tracked: tracked(file.path) }));
}

type Owner = Omit<OwnedFile, 'tracked'>;

async function ownersOf(paths: WorkspacePaths, files: readonly string[]): Promise<Owner[]> {
  const records = await recordsOf(paths);
  const owned: Owner[] = [];
  for (const file of files) {
    const entry = isPlain(file) ? await readEntry(paths.root, file) : { kind: 'other' as const };
    const hash = entry.kind === 'file' ? entry.sha256 : null;
    owned.push({
      path: file,
      owner: entry.kind === 'absent' ? 'nobody' : hash !== null && isOurs(records, file, hash) ? 'genrtl' : 'person',
      sha256: hash,
    });
  }
  return owned;
}

const isPlain = (file: string): boolean => pathFault(file) === null;

/** What git says of each; null where there is no repository, or no git. */
async function trackedOf(
  paths: WorkspacePaths,
  files: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<(file: string) => boolean | null> {
  const tracked = await trackedByGit(paths.root, files.filter(isPlain), env);
  return (file) => (tracked === null ? null : tracked.has(file));
}

type Records = ReadonlyMap<string, readonly (WrittenFile & { readonly jobId: string })[]>;

async function recordsOf(paths: WorkspacePaths): Promise<Records> {
  const records = new Map<string, (WrittenFile & { jobId: string })[]>();
  for (const jobId of await readdir(paths.undo('')).catch(() => []))
    for (const file of await writtenBy(paths.root, jobId).catch(() => []))
      records.set(file.path, [...(records.get(file.path) ?? []), { ...file, jobId }]);
  return records;
}

/** Some job left the file so, and it began with nothing or with what was genRTL's already. */
function isOurs(records: Records, file: string, hash: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (seen.has(hash)) return false;
  return (records.get(file) ?? []).some(
    ({ before, written }) =>
      written.includes(hash) && (before === null || isOurs(records, file, before, new Set([...seen, hash]))),
  );
}

/** What decides whether a job may change a file of the person's. */
export interface MayChange {
  readonly paths: WorkspacePaths;
  readonly jobId: string;
  readonly settings: Readonly<JobSettings>;
  readonly env: NodeJS.ProcessEnv;
  readonly approval: Approval;
  readonly facts: { readonly [K in 'may_change' | 'only_files']: JobFacts[K] | undefined };
}

/**
 * Files of the person's among `files` that nobody let this job change yet. With an approval they may be changed from
 * now on, as they are; without one they come back as FILE_OWNED.
 */
export async function letChange(
  context: MayChange,
  files: readonly string[],
): Promise<{ readonly may_change: Record<string, string>; readonly refused: GenrtlError | null }> {
  const { settings, facts, approval } = context;
  const allowed = facts.may_change ?? {};
  const asked = new Set(facts.only_files ?? []);
  const byThisJob = new Map(
    (await writtenBy(context.paths.root, context.jobId)).map((file) => [file.path, file.written]),
  );
  const owners = await ownersOf(context.paths, [...new Set(files)]);
  const strangers = owners.filter(
    ({ path, owner, sha256 }) =>
      owner === 'person' &&
      sha256 !== null &&
      allowed[path] !== sha256 &&
      !asked.has(path) &&
      byThisJob.get(path)?.includes(sha256) !== true,
  );
  const granted = Object.fromEntries(
    strangers.flatMap(({ path, sha256 }) => (sha256 === null ? [] : [[path, sha256]])),
  );
  if (strangers.length === 0 || approval !== 'none' || settings.accept_file_changes === true)
    return { may_change: { ...allowed, ...granted }, refused: null };
  const tracked = await trackedOf(
    context.paths,
    strangers.map(({ path }) => path),
    context.env,
  );
  return {
    may_change: allowed,
    refused: fileOwned(strangers.map((file) => ({ ...file, tracked: tracked(file.path) }))),
  };
}

function fileOwned(files: readonly FileOwner[]): GenrtlError {
  const named = files.map(({ path, tracked }) =>
    tracked === true ? `${path} (tracked by git)` : tracked === false ? `${path} (not in git)` : path,
  );
  return new GenrtlError('FILE_OWNED', `The job would change files that are yours: ${named.join(', ')}.`, {
    details: { files: files.map(({ path, owner, tracked }) => ({ path, owner, tracked })) },
  });
}

/** Files that a patch changes, deletes or moves; those that it only creates are there too. */
export function filesOfPatch(diff: string): string[] {
  const named = parsePatch(diff).sections.flatMap((section) => [section.oldPath, section.newPath]);
  return [...new Set(named.filter((file) => file !== null))];
}
