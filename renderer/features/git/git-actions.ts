// What a person does with the repository. Unsaved text is no part of a commit and lost to a switch: it is asked to be
// saved first. Programs that the repository brings are shown before they run for the first time.
import i18next from 'i18next';
import type { GitPlace, GitProgram } from '@genrtl/contracts/git.ts';
import { bridge } from '../../bridge/bridge.ts';
import { CallError, errorBody } from '../../bridge/call-error.ts';
import { run, useNotices } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { openPanel } from '../../workbench/dock-store.ts';
import { useDocuments } from '../editor/document-store.ts';
import { useGitStore } from './git-store.ts';

const workspaceNow = (): string => useWorkspace.getState().view?.path ?? '';
const said = (text: string, action?: { label: string; run(): void }): void =>
  useNotices.getState().add({ tone: 'success', text, ...(action === undefined ? {} : { action }) });

/** `paths` empty: of any file. */
function refuseUnsaved(paths: readonly string[]): void {
  const all = paths.length === 0 || paths.includes('');
  const unsaved = Object.values(useDocuments.getState().documents).find(
    ({ path, dirty }) => dirty && (all || paths.some((one) => path === one || path.startsWith(`${one}/`))),
  );
  if (unsaved !== undefined)
    throw new CallError({
      code: 'REQUEST_INVALID',
      message: i18next.t('explorer.unsaved', { file: unsaved.path }),
      retryable: false,
    });
}

/** Null: the person did not trust what would run. */
async function trusting<T>(act: (trust: string | null) => Promise<T>): Promise<T | null> {
  try {
    return await act(null);
  } catch (error) {
    const { code, details } = errorBody(error);
    const key = details?.['key'];
    if (code !== 'GIT_UNTRUSTED' || typeof key !== 'string') throw error;
    const programs = details?.['programs'] as readonly GitProgram[];
    const trusted = await new Promise<boolean>((answer) =>
      useGitStore.getState().ask({ kind: 'trust', programs, answer }),
    );
    return trusted ? act(key) : null;
  }
}

export async function stage(paths: readonly string[]): Promise<void> {
  refuseUnsaved(paths);
  await trusting((trust) => bridge.call('git.stage', { workspace: workspaceNow(), trust, paths: [...paths] }));
}

export async function unstage(paths: readonly string[]): Promise<void> {
  const done = await trusting((trust) =>
    bridge.call('git.unstage', { workspace: workspaceNow(), trust, paths: [...paths] }),
  );
  for (const { path, object } of done?.kept ?? [])
    useNotices
      .getState()
      .add({ tone: 'info', text: i18next.t('git.kept', { file: path, object: object.slice(0, 12) }) });
}

export async function discard(paths: readonly string[]): Promise<void> {
  refuseUnsaved(paths);
  const workspace = workspaceNow();
  const done = await trusting((trust) => bridge.call('git.discard', { workspace, trust, paths: [...paths] }));
  if (done === null) return;
  const { undo } = done;
  said(
    i18next.t('git.discarded', { count: done.files.length }),
    undo === null
      ? undefined
      : {
          label: i18next.t('git.takeBack'),
          run: () => run(() => bridge.call('git.undo_discard', { workspace, undo })),
        },
  );
}

/** Whether it was done. */
export async function commit(message: string): Promise<boolean> {
  const done = await trusting((trust) => bridge.call('git.commit', { workspace: workspaceNow(), trust, message }));
  if (done === null) return false;
  said(i18next.t('git.committed', { hash: done.hash.slice(0, 10) }));
  return true;
}

export async function switchBranch(branch: string, create: boolean): Promise<void> {
  refuseUnsaved([]);
  await trusting((trust) => bridge.call('git.switch', { workspace: workspaceNow(), trust, branch, create }));
}

export interface Comparison {
  readonly path: string;
  /** its name at `from`, when it had another */
  readonly fromPath?: string;
  readonly from: GitPlace;
  readonly to: GitPlace;
}

export const compare = (comparison: Comparison): void => openPanel('gitDiff', { fromPath: undefined, ...comparison });
