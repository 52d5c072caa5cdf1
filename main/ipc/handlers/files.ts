// Calls of the explorer, the search and the editor beside plain reading and writing: parts, lists, search, file
// operations, drafts.
import { GenrtlError } from '@genrtl/contracts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import { Drafts } from '../../workspace/drafts.ts';
import { copyEntry, makeEntry, renameEntry, trashEntry } from '../../workspace/file-operations.ts';
import type { FileSearch } from '../../workspace/file-search.ts';
import { readPart } from '../../workspace/large-text.ts';
import { listFiles } from '../../workspace/list-files.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';
import type { IpcServices } from '../services.ts';
import { TextRewrites, utf8Of } from './text-rewrites.ts';

type FileCalls =
  | 'workspace.read_part'
  | 'workspace.files'
  | 'workspace.search_soon'
  | 'workspace.search'
  | 'workspace.replace'
  | 'workspace.undo_replace'
  | 'workspace.make'
  | 'workspace.rename'
  | 'workspace.copy'
  | 'workspace.trash'
  | 'drafts.list'
  | 'drafts.write'
  | 'drafts.drop';

export function fileHandlers(
  { facts }: IpcServices,
  workspaces: OpenWorkspaces,
  search: FileSearch,
): Pick<IpcHandlers, FileCalls> {
  const drafts = new Drafts(facts.home);
  const rewrites = new TextRewrites();
  return {
    'workspace.read_part': async ({ workspace, path, offset, stamp }) =>
      readPart(workspaces.require(workspace), path, offset, stamp),
    'workspace.files': async ({ workspace }) => listFiles(workspaces.require(workspace)),
    'workspace.search_soon': async () => {
      search.prepare();
      return {};
    },
    'workspace.search': async ({ workspace, ...query }) => search.search(workspaces.require(workspace), query),
    'workspace.replace': async ({ workspace, replacement, ...query }) => {
      const root = workspaces.require(workspace);
      const { files, places, locked } = await search.replace(root, query, replacement);
      const texts = new Map(files.map(({ path, text }) => [path, text]));
      const undo = await rewrites.apply(root, [...texts.keys()], (file, bytes) => {
        const found = files.find(({ path }) => path === file);
        if (found === undefined || found.before !== utf8Of(file, bytes))
          throw new GenrtlError('FILE_CHANGED', `${file} was changed meanwhile.`, { hint: 'Search again.' });
        return found.text;
      });
      return { files: [...texts.keys()], places, locked: [...locked], undo };
    },
    'workspace.undo_replace': async ({ workspace, undo }) => ({
      files: await rewrites.undo(workspaces.require(workspace), undo),
    }),
    'workspace.make': async ({ workspace, path, kind }) => {
      await makeEntry(workspaces.require(workspace), path, kind);
      return {};
    },
    'workspace.rename': async ({ workspace, from, to }) => {
      await renameEntry(workspaces.require(workspace), from, to);
      return {};
    },
    'workspace.copy': async ({ workspace, from, to }) => {
      await copyEntry(workspaces.require(workspace), from, to);
      return {};
    },
    'workspace.trash': async ({ workspace, path }) => {
      await trashEntry(workspaces.require(workspace), path);
      return {};
    },
    'drafts.list': async ({ workspace }) => ({ drafts: await drafts.list(workspaces.require(workspace)) }),
    'drafts.write': async ({ workspace, draft }) => {
      await drafts.write(workspaces.require(workspace), draft);
      return {};
    },
    'drafts.drop': async ({ workspace, path }) => {
      await drafts.drop(workspaces.require(workspace), path);
      return {};
    },
  };
}
