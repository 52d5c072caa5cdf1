// Unsaved work that main keeps: fetched when a workspace opens, handed to documents as they open, written while a
// person types.
import i18next from 'i18next';
import type { Draft } from '@genrtl/contracts/workspace.ts';
import { bridge } from '../../bridge/bridge.ts';
import { showError, useNotices } from '../../state/notice-store.ts';
import { openFile } from '../../workbench/dock-store.ts';

const WRITE_AFTER_MS = 600;
const WRITE_LARGE_AFTER_MS = 5000;

interface Waiting {
  /** each is taken once, by the document that it belongs to */
  readonly left: Map<string, Draft>;
  readonly paths: readonly string[];
}

const waiting = new Map<string, Promise<Waiting>>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Drafts that were there when the workspace was opened. */
function draftsOf(workspace: string): Promise<Waiting> {
  const known =
    waiting.get(workspace) ??
    bridge.call('drafts.list', { workspace }).then(({ drafts }) => ({
      left: new Map(drafts.map((draft) => [draft.path, draft])),
      paths: drafts.map((draft) => draft.path),
    }));
  waiting.set(workspace, known);
  return known;
}

export async function takeDraft(workspace: string, path: string): Promise<Draft | null> {
  const drafts = await draftsOf(workspace).catch(() => null);
  const draft = drafts?.left.get(path) ?? null;
  drafts?.left.delete(path);
  return draft;
}

const restored = new Set<string>();

/** Opens the files that hold unsaved work from before a crash or reload, and says so. Once a workspace and page. */
export async function restoreDrafts(workspace: string): Promise<void> {
  if (restored.has(workspace)) return;
  restored.add(workspace);
  // A document of the restored layout may have taken its draft already.
  const { paths } = await draftsOf(workspace);
  if (paths.length === 0) return;
  for (const path of paths) openFile(path);
  useNotices.getState().add({ tone: 'info', text: i18next.t('editor.restored', { count: paths.length }) });
}

/** Keeps the text after a short pause; the text is made only when it is time. */
export function keepDraft(workspace: string, path: string, large: boolean, make: () => Draft | null): void {
  const key = `${workspace}\n${path}`;
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(
      () => {
        timers.delete(key);
        const draft = make();
        if (draft !== null) bridge.call('drafts.write', { workspace, draft }).catch(showError);
      },
      large ? WRITE_LARGE_AFTER_MS : WRITE_AFTER_MS,
    ),
  );
}

export function dropDraft(workspace: string, path: string): void {
  const key = `${workspace}\n${path}`;
  clearTimeout(timers.get(key));
  timers.delete(key);
  bridge.call('drafts.drop', { workspace, path }).catch(() => undefined);
}
