// All findings of the open workspace as main collects them, and those of text that is not saved yet, as one list for
// the whole page. Fetched and merged once, however many panels show them.
import { create } from 'zustand';
import type { Diagnostic, FindingSource } from '@genrtl/contracts';
import { mergeFindings } from '@genrtl/core/findings/merge.ts';
import { bridge } from '../bridge/bridge.ts';
import { useLiveFindings } from './live-findings.ts';
import { useWorkspace } from './workspace-store.ts';

type Findings = readonly Diagnostic[];

interface ProblemStore {
  readonly problems: Findings;
  /** null until main has said what was checked; empty: nothing was */
  readonly sources: readonly FindingSource[] | null;
}

const NOTHING: ProblemStore = { problems: [], sources: null };
const useProblemStore = create<ProblemStore>()(() => NOTHING);

export const useProblems = (): Findings => useProblemStore((store) => store.problems);
/** The same outside of components. */
export const currentProblems = (): Findings => useProblemStore.getState().problems;

/** Something was checked: an empty list is a good one. Until main has answered nothing is claimed. */
export const useChecked = (): boolean =>
  useProblemStore(({ problems, sources }) => problems.length > 0 || (sources?.length ?? 0) > 0);

/** Keeps the list current; called once for the page's life. */
export function followProblems(): void {
  let workspace: string | null = null;
  let answered = false;
  let sources = new Map<string, FindingSource>();
  const lists = new Map<string, { readonly revision: number; readonly findings: Findings }>();
  let merged: readonly Findings[] = [];
  let due: ReturnType<typeof setTimeout> | undefined;

  const merge = (): void => {
    due = undefined;
    const checked = [...sources.keys()].map((id) => lists.get(id)?.findings ?? []);
    const { byFile, lint } = useLiveFindings.getState();
    // of two that are equal the first stays: a finding of a run is never told as one of a text
    const now = [...Object.values(byFile), ...checked, lint].filter((list) => list.length > 0);
    const same = now.length === merged.length && now.every((list, at) => list === merged[at]);
    merged = now;
    useProblemStore.setState({
      sources: answered ? [...sources.values()] : null,
      ...(same ? {} : { problems: mergeFindings(now) }),
    });
  };
  // a burst of pushes is one merge
  const mergeSoon = (): void => {
    due ??= setTimeout(merge, 0);
  };
  const read = async (of: string, { id, revision }: FindingSource): Promise<void> => {
    const { findings } = await bridge.call('findings.read', { workspace: of, source: id });
    if (workspace !== of || (lists.get(id)?.revision ?? 0) > revision) return;
    lists.set(id, { revision, findings });
    mergeSoon();
  };
  const accept = (of: string, source: FindingSource): void => {
    if ((sources.get(source.id)?.revision ?? 0) >= source.revision) return;
    sources.set(source.id, source);
    mergeSoon();
    read(of, source).catch(() => undefined);
  };
  const follow = (): void => {
    const { view } = useWorkspace.getState();
    const now = view?.path ?? null;
    if (now !== workspace) {
      workspace = now;
      answered = false;
      sources = new Map();
      lists.clear();
      merged = [];
      useProblemStore.setState(NOTHING);
    }
    if (now === null) return;
    // asked for anew with every look at the workspace: a job of another program is known by its files only
    bridge.call('findings.sources', { workspace: now }).then(
      ({ sources: known }) => {
        if (workspace !== now) return;
        answered = true;
        for (const source of known) accept(now, source);
        mergeSoon();
      },
      () => undefined,
    );
  };
  bridge.on('findings.changed', ({ workspace: of, source }) => {
    if (of !== workspace) return;
    if ('revision' in source) return accept(of, source);
    sources.delete(source.id);
    lists.delete(source.id);
    mergeSoon();
  });
  useLiveFindings.subscribe(mergeSoon);
  useWorkspace.subscribe((store, before) => {
    if (store.view !== before.view) follow();
  });
  follow();
}
