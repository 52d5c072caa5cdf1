// Calls of the editor's language features; paths are checked here, the worker only ever sees what lies in an open
// workspace.
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import { formatSource } from '../../language/format.ts';
import type { Languages } from '../../language/languages.ts';
import { Renames } from './rename.ts';
import { containedPath } from '../../workspace/contained-path.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';

type LanguageCalls = Extract<keyof IpcHandlers, `language.${string}`>;

export function languageHandlers(
  languages: Languages,
  workspaces: OpenWorkspaces,
  env: NodeJS.ProcessEnv,
): Pick<IpcHandlers, LanguageCalls> {
  const renames = new Renames(languages);
  /** The workspace, once the path is known to stay inside it. */
  const inside = async (workspace: string, path: string): Promise<string> => {
    const root = workspaces.require(workspace);
    await containedPath(root, path);
    return root;
  };
  return {
    'language.update': async ({ workspace, path, text }) => {
      await languages.update(await inside(workspace, path), path, text);
      return {};
    },
    'language.outline': async ({ workspace, path }) => languages.ask('outline', await inside(workspace, path), path),
    'language.definition': async ({ workspace, ...at }) => languages.ask('named', await inside(workspace, at.path), at),
    'language.locate': async ({ workspace, names }) => ({
      found: await languages.ask('locate', workspaces.require(workspace), names),
    }),
    'language.state_names': async ({ workspace, names }) => ({
      found: await languages.ask('stateNames', workspaces.require(workspace), names),
    }),
    'language.references': async ({ workspace, ...at }) =>
      languages.ask('references', await inside(workspace, at.path), at),
    'language.hover': async ({ workspace, ...at }) => languages.ask('hover', await inside(workspace, at.path), at),
    'language.completion': async ({ workspace, ...at }) => ({
      items: await languages.ask('completion', await inside(workspace, at.path), at),
    }),
    'language.signature': async ({ workspace, ...at }) => ({
      signature: await languages.ask('signature', await inside(workspace, at.path), at),
    }),
    'language.instance': async ({ workspace, ...at }) => ({
      instance: await languages.ask('instance', await inside(workspace, at.path), at),
    }),
    'language.judge_insertion': async ({ workspace, text, ...at }) => ({
      against: await languages.ask('judgeInsertion', await inside(workspace, at.path), at, text),
    }),
    'language.context': async ({ workspace, ...at }) => ({
      items: await languages.ask('context', await inside(workspace, at.path), at),
    }),
    'language.hierarchy': async ({ workspace, unit, blocks, above }) => ({
      nodes: await languages.ask('hierarchy', workspaces.require(workspace), unit, blocks, above),
    }),
    'language.hierarchy_path': async ({ workspace, unit }) => ({
      nodes: await languages.ask('hierarchyPath', workspaces.require(workspace), unit),
    }),
    'language.format': async ({ workspace, path, text, tab_size, insert_spaces }) => {
      await inside(workspace, path);
      return formatSource(languages, env, { path, text, tabSize: tab_size, insertSpaces: insert_spaces });
    },
    'language.rename_at': async ({ workspace, ...at }) =>
      languages.ask('renameAt', await inside(workspace, at.path), at),
    'language.rename_preview': async ({ workspace, name, ...at }) =>
      renames.preview(await inside(workspace, at.path), at, name),
    'language.rename': async ({ workspace, name, ...at }) => renames.rename(await inside(workspace, at.path), at, name),
    'language.undo_rename': async ({ workspace, undo }) => ({
      files: await renames.undo(workspaces.require(workspace), undo),
    }),
    'language.symbols': async ({ workspace, query }) => ({
      symbols: await languages.ask('symbols', workspaces.require(workspace), query),
    }),
  };
}
