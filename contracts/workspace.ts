// A workspace as the page sees it: its files, folders, hits of a search, drafts.
import { z } from 'zod';
import { Lockfile } from './cbb.ts';
import { JobState } from './job.ts';
import { WorkspacePath } from './primitives.ts';

export const WorkspaceView = z.object({
  path: z.string(),
  name: z.string(),
  job: JobState.nullable(),
  /** a live process works on the job; false for a job whose process was killed, whatever its state says */
  working: z.boolean(),
  lockfile: Lockfile.nullable(),
});
export type WorkspaceView = z.infer<typeof WorkspaceView>;

export const FileNode = z.object({
  path: z.string(),
  name: z.string(),
  kind: z.enum(['file', 'directory']),
  locked: z.boolean(),
});
export type FileNode = z.infer<typeof FileNode>;

/**
 * One find-in-files hit: `text` is its line (cut around the hit), `start` and `end` the hit's place in `text`, from 0.
 */
export const SearchMatch = z.object({
  path: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  text: z.string(),
  start: z.number().int(),
  end: z.number().int(),
});
export type SearchMatch = z.infer<typeof SearchMatch>;

export const Draft = z.object({
  path: WorkspacePath,
  text: z.string().max(64_000_000),
  base_sha256: z.string().nullable(),
  saved_at: z.string().max(40),
});
export type Draft = z.infer<typeof Draft>;

export const FileChange = z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() });
export type FileChange = z.infer<typeof FileChange>;

/** A folder as the folder picker shows it; paths are absolute, on the machine where main runs. */
export const FolderView = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  folders: z.array(z.object({ name: z.string(), path: z.string(), workspace: z.boolean() })),
});
export type FolderView = z.infer<typeof FolderView>;
