// The repository of the open workspace, shared by all who show it.
import { useMemo } from 'react';
import type { GitRepositoryView, GitView } from '@genrtl/contracts/git.ts';
import { useCall } from '../../bridge/use-call.ts';
import type { Answer } from '../../bridge/use-call.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { marksOf } from './marks.ts';
import type { Marks } from './marks.ts';

export function useGit(): Answer<GitView> {
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  return useCall('git.status', workspace === null ? null : { workspace });
}

/** Null while nothing is known, and without one. */
export function useRepository(): GitRepositoryView | null {
  const { data } = useGit();
  return data?.state === 'repository' ? data : null;
}

const NO_MARKS: Marks = () => null;

export function useGitMarks(): Marks {
  const entries = useRepository()?.entries;
  return useMemo(() => (entries === undefined ? NO_MARKS : marksOf(entries)), [entries]);
}
