// The project's linter while somebody types: asked after a pause, ended by the next key. What it says stands beside the
// findings of runs and never replaces them.
import { create } from 'zustand';
import type { ErrorBody } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { useLiveFindings } from '../../state/live-findings.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { useOutlines } from './outline-store.ts';

const PAUSE_MS = 500;
/** Longer texts are generated, and a linter takes many seconds for them. */
const MAX_CHARS = 1_000_000;
const MAX_TEXTS = 40;

export type LiveLintState =
  | { readonly kind: 'idle' | 'running' | 'syntax' | 'large' }
  | { readonly kind: 'done'; readonly title: string; readonly count: number; readonly cut: number }
  | { readonly kind: 'failed'; readonly error: ErrorBody };

const IDLE: LiveLintState = { kind: 'idle' };
export const useLiveLint = create<{ readonly state: LiveLintState }>()(() => ({ state: IDLE }));

let timer: ReturnType<typeof setTimeout> | undefined;
/** the run under way; a newer key makes another */
let turn = 0;
let underWay: string | null = null;
let typed: string | null = null;

const show = (state: LiveLintState): void => useLiveLint.setState({ state });
function clear(state: LiveLintState = IDLE): void {
  clearTimeout(timer);
  if (useLiveFindings.getState().lint.length > 0) useLiveFindings.setState({ lint: [] });
  show(state);
}

type Texts = readonly { readonly path: string; readonly text: string }[];

/** A key was pressed in a document with a language; `unsaved` is asked when the pause is over. */
export function lintAfterPause(workspace: string, path: string, unsaved: () => Texts): void {
  if (useSettings.getState().settings?.live_lint !== true) return;
  turn += 1;
  typed = path;
  clearTimeout(timer);
  stop();
  timer = setTimeout(() => void lint(workspace, path, unsaved, turn), PAUSE_MS);
}

/** What was typed there is no longer open. */
export function forgetTyped(path: string): void {
  if (path !== typed) return;
  typed = null;
  turn += 1;
  stop();
  clear();
}

function stop(): void {
  if (underWay === null) return;
  bridge.call('checks.stop_live', { workspace: underWay }).catch(() => undefined);
  underWay = null;
}

async function lint(workspace: string, path: string, unsaved: () => Texts, mine: number): Promise<void> {
  // the editor says it already, and a linter would say nothing else
  if ((useOutlines.getState().outlines[path]?.problems.length ?? 0) > 0) return clear({ kind: 'syntax' });
  const texts = unsaved();
  if (texts.length > MAX_TEXTS || texts.some(({ text }) => text.length > MAX_CHARS)) return clear({ kind: 'large' });
  show({ kind: 'running' });
  underWay = workspace;
  try {
    const { title, findings, cut } = await bridge.call('checks.live', { workspace, path, texts: [...texts] });
    if (mine !== turn) return;
    useLiveFindings.setState({ lint: findings });
    show({ kind: 'done', title, count: findings.length, cut });
  } catch (error) {
    if (mine === turn) clear({ kind: 'failed', error: errorBody(error) });
  } finally {
    if (mine === turn) underWay = null;
  }
}

/** Once, for the page's life. */
export function followLiveLint(): void {
  useSettings.subscribe(({ settings }, before) => {
    if (settings?.live_lint === false && before.settings?.live_lint === true) {
      turn += 1;
      stop();
      clear();
    }
  });
  useWorkspace.subscribe(({ view }, before) => {
    if (view?.path === before.view?.path) return;
    turn += 1;
    stop();
    clear();
  });
}
