// What the explorer does to files, with the open editors kept in step: a renamed file's tab follows, a trashed one's
// closes.
import i18next from 'i18next';
import { bridge } from '../../bridge/bridge.ts';
import { CallError } from '../../bridge/call-error.ts';
import { useNotices } from '../../state/notice-store.ts';
import { useDocuments } from '../editor/document-store.ts';
import { baseName } from '@genrtl/ui/format.ts';
import { joined, outermost } from './file-tree.ts';
import { openFile, useDock } from '../../workbench/dock-store.ts';

const openPaths = (path: string): string[] =>
  (useDock.getState().api?.panels ?? []).flatMap((panel) =>
    panel.id === `file:${path}` || panel.id.startsWith(`file:${path}/`) ? [panel.id.slice(5)] : [],
  );

const closeTab = (path: string): void => useDock.getState().api?.getPanel(`file:${path}`)?.api.close();

/** Unsaved work would be left behind under the old name. */
function refuseUnsaved(paths: readonly string[]): void {
  const unsaved = paths.find((path) => useDocuments.getState().documents[path]?.dirty === true);
  if (unsaved !== undefined)
    throw new CallError({
      code: 'REQUEST_INVALID',
      message: i18next.t('explorer.unsaved', { file: unsaved }),
      retryable: false,
    });
}

export async function makeFile(workspace: string, path: string): Promise<void> {
  await bridge.call('workspace.make', { workspace, path, kind: 'file' });
  openFile(path);
}

export async function makeFolder(workspace: string, path: string): Promise<void> {
  await bridge.call('workspace.make', { workspace, path, kind: 'directory' });
}

export async function renamePath(workspace: string, from: string, to: string): Promise<void> {
  const open = openPaths(from);
  refuseUnsaved(open);
  await bridge.call('workspace.rename', { workspace, from, to });
  for (const path of open) {
    closeTab(path);
    openFile(to + path.slice(from.length));
  }
}

/** Into another folder, each under its name; the first that cannot go stops the rest. */
export async function movePaths(workspace: string, paths: readonly string[], folder: string): Promise<void> {
  for (const path of outermost(paths)) {
    const to = joined(folder, baseName(path));
    if (to !== path) await renamePath(workspace, path, to);
  }
}

/** `top.sv` becomes `top-copy.sv`, then `top-copy-2.sv`. */
export function copyName(path: string, taken: (path: string) => boolean): string {
  const dot = path.lastIndexOf('.');
  const cut = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
  for (let nth = 1; ; nth += 1) {
    const name = `${path.slice(0, cut)}-copy${nth === 1 ? '' : `-${nth}`}${path.slice(cut)}`;
    if (!taken(name)) return name;
  }
}

export async function duplicatePath(workspace: string, path: string, taken: (path: string) => boolean): Promise<void> {
  await bridge.call('workspace.copy', { workspace, from: path, to: copyName(path, taken) });
}

export async function trashPath(workspace: string, path: string): Promise<void> {
  const open = openPaths(path);
  refuseUnsaved(open);
  await bridge.call('workspace.trash', { workspace, path });
  for (const each of open) closeTab(each);
  useNotices.getState().add({ tone: 'success', text: i18next.t('explorer.trashed', { file: path }) });
}
