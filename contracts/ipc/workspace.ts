// Calls of the page: files, folders, search and drafts of a workspace.
import { z } from 'zod';
import { WorkspacePath } from '../primitives.ts';
import { Draft, FileNode, SearchMatch, WorkspaceView } from '../workspace.ts';
import { call, None } from './call.ts';

export const WORKSPACE_CALLS = {
  'workspace.create': call(z.object({ path: z.string() }), WorkspaceView),
  'workspace.open': call(z.object({ path: z.string() }), WorkspaceView),
  'workspace.list': call(
    z.object({ workspace: z.string(), directory: z.string() }),
    z.object({ entries: z.array(FileNode) }),
  ),
  'workspace.read': call(
    z.object({ workspace: z.string(), path: z.string() }),
    z.object({ text: z.string(), sha256: z.string(), locked: z.boolean() }),
  ),
  'workspace.write': call(
    z.object({ workspace: z.string(), path: z.string(), text: z.string(), expect_sha256: z.string().nullable() }),
    z.object({ sha256: z.string() }),
  ),
  /**
   * a part of a file from `offset` on, whole characters; the further parts of a large one begin every `part_bytes` from
   * `next_offset` on. `sha256` comes with the last; a file that changed meanwhile is FILE_CHANGED
   */
  'workspace.read_part': call(
    z.object({
      workspace: z.string(),
      path: z.string(),
      offset: z.number().int().min(0),
      stamp: z.string().nullable(),
    }),
    z.object({
      text: z.string(),
      next_offset: z.number().int(),
      part_bytes: z.number().int(),
      size_bytes: z.number().int(),
      stamp: z.string(),
      locked: z.boolean(),
      sha256: z.string().nullable(),
    }),
  ),
  /** all files but those of .git, node_modules and run records, sorted */
  'workspace.files': call(
    z.object({ workspace: z.string() }),
    z.object({ files: z.array(z.string()), truncated: z.boolean() }),
  ),
  /** somebody is about to search: what a first search would wait for is made ready */
  'workspace.search_soon': call(None, None),
  'workspace.search': call(
    z.object({
      workspace: z.string(),
      text: z.string().min(1).max(500),
      regex: z.boolean(),
      match_case: z.boolean(),
      whole_word: z.boolean(),
      include: z.string().max(200),
    }),
    z.object({ matches: z.array(SearchMatch), files: z.number().int(), truncated: z.boolean() }),
  ),
  /**
   * the same search with its hits replaced, in all files or in none; `$1` stands for a group of a regular expression.
   * REQUEST_INVALID for more than 2,000 hits and for files that are not UTF-8, WORKSPACE_READ_ONLY, FILE_CHANGED
   */
  'workspace.replace': call(
    z.object({
      workspace: z.string(),
      text: z.string().min(1).max(500),
      regex: z.boolean(),
      match_case: z.boolean(),
      whole_word: z.boolean(),
      include: z.string().max(200),
      replacement: z.string().max(5000),
    }),
    z.object({
      files: z.array(z.string()),
      places: z.number().int(),
      /** files with hits that are never edited */
      locked: z.array(z.string()),
      undo: z.string(),
    }),
  ),
  /** takes a replacement back; FILE_CHANGED, NOT_FOUND as for renames */
  'workspace.undo_replace': call(
    z.object({ workspace: z.string(), undo: z.string() }),
    z.object({ files: z.array(z.string()) }),
  ),
  'workspace.make': call(
    z.object({ workspace: z.string(), path: WorkspacePath, kind: z.enum(['file', 'directory']) }),
    None,
  ),
  'workspace.rename': call(z.object({ workspace: z.string(), from: WorkspacePath, to: WorkspacePath }), None),
  /** never overwrites */
  'workspace.copy': call(z.object({ workspace: z.string(), from: WorkspacePath, to: WorkspacePath }), None),
  /** to the system's trash, never for good */
  'workspace.trash': call(z.object({ workspace: z.string(), path: WorkspacePath }), None),
  /**
   * unsaved work of this workspace, kept by main so that a crash of page or host loses nothing; `base_sha256` is the
   * disk's text that it was typed over
   */
  'drafts.list': call(z.object({ workspace: z.string() }), z.object({ drafts: z.array(Draft) })),
  'drafts.write': call(z.object({ workspace: z.string(), draft: Draft }), None),
  'drafts.drop': call(z.object({ workspace: z.string(), path: WorkspacePath }), None),
} as const;
