// What git brings to the workbench.
import { GitBranch, GitCompareArrows } from 'lucide-react';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { openFile, showPanel } from '../../workbench/dock-store.ts';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';
import { useEditorPlace } from '../editor/active-editor.ts';
import { compare, stage, unstage } from './git-actions.ts';
import { useGitStore } from './git-store.ts';
import './git.css';

const inWorkspace = (): boolean => useWorkspace.getState().view !== null;
const file = (): string | null => useEditorPlace.getState().place?.path ?? null;
const inFile = (): boolean => inWorkspace() && file() !== null;
const withFile = (act: (path: string) => void) => (): void => {
  const path = file();
  if (path !== null) act(path);
};
const { ask } = useGitStore.getState();

/** To the next place that differs from HEAD, round and round. */
const go = (by: 1 | -1) => (): void => {
  const { place } = useEditorPlace.getState();
  if (place === null) return;
  const changes = useGitStore.getState().changes[place.path] ?? [];
  const next =
    by === 1
      ? (changes.find(({ from }) => from > place.line) ?? changes[0])
      : (changes.findLast(({ to, from }) => Math.max(to, from) < place.line) ?? changes.at(-1));
  if (next !== undefined) openFile(place.path, { line: next.from, column: 1 });
};

export const gitFeature: Feature = {
  panels: [
    {
      name: 'git',
      icon: GitBranch,
      rail: 'find',
      place: { beside: ['explorer', 'outline'], edge: 'left', width: 260 },
      key: 'Ctrl+Alt+G',
      focus: 'textarea',
      component: lazyPanel(async () => (await import('./git-panel.tsx')).GitPanel),
    },
    {
      name: 'gitDiff',
      icon: GitCompareArrows,
      place: { beside: ['welcome', 'plan', 'changes'], edge: 'above' },
      component: lazyPanel(async () => (await import('./git-diff-panel.tsx')).GitDiffPanel),
    },
  ],
  commands: [
    { name: 'gitCommit', available: inWorkspace, run: () => showPanel('git') },
    { name: 'gitSwitch', available: inWorkspace, run: () => ask({ kind: 'branch' }) },
    {
      name: 'gitCompare',
      available: inFile,
      run: withFile((path) => compare({ path, from: 'head', to: 'disk' })),
    },
    { name: 'gitStage', available: inFile, run: withFile((path) => run(() => stage([path]))) },
    { name: 'gitUnstage', available: inFile, run: withFile((path) => run(() => unstage([path]))) },
    { name: 'gitDiscard', available: inFile, run: withFile((path) => ask({ kind: 'discard', paths: [path] })) },
    { name: 'gitHistory', available: inFile, run: withFile((path) => ask({ kind: 'history', path })) },
    { name: 'nextChange', key: 'Alt+F3', available: inFile, run: go(1) },
    { name: 'previousChange', key: 'Alt+Shift+F3', available: inFile, run: go(-1) },
  ],
};
