// All findings of the present job, one list for the whole page: the newest run of each tool step, the job's own checks,
// and the
// error's own findings. Fetched and merged once, however many panels show them.
import { create } from 'zustand';
import type { Diagnostic, JobState } from '@genrtl/contracts';
import { stepsThat } from '@genrtl/contracts/steps.ts';
import { bridge } from '../bridge/bridge.ts';
import { useJob } from './job-store.ts';
import { useLiveFindings } from './live-findings.ts';
import { useWorkspace } from './workspace-store.ts';

type Findings = readonly Diagnostic[];

const LOGGED = stepsThat('keepsLog');
const RANK = { error: 0, warning: 1, info: 2 } as const;
const byName = new Intl.Collator().compare;

interface ProblemStore {
  readonly problems: Findings;
  /** something was checked: an empty list is a good one */
  readonly checked: boolean;
  /** of runs without a job, by what ran */
  readonly reported: ReadonlyMap<string, Findings>;
}

const useProblemStore = create<ProblemStore>()(() => ({ problems: [], checked: false, reported: new Map() }));

export const useProblems = (): Findings => useProblemStore((store) => store.problems);
export const useChecked = (): boolean => useProblemStore((store) => store.checked);

/** What a run outside of jobs found; it replaces what the same source said before. */
export function reportFindings(source: string, findings: Findings): void {
  const { reported } = useProblemStore.getState();
  useProblemStore.setState({ reported: new Map(reported).set(source, findings) });
}

/** The same outside of components. */
export const currentProblems = (): Findings => useProblemStore.getState().problems;

/** Newest step id of each tool step that has ended. */
export function newestRuns(state: JobState | null): string[] {
  return LOGGED.flatMap((name) => {
    const step = state?.steps.findLast((candidate) => candidate.step === name && candidate.status !== 'running');
    return step === undefined ? [] : [step.step_id];
  });
}

const identity = ({ tool, severity, code, file, line, column, time, message }: Diagnostic): string =>
  `${tool}\0${severity}\0${code ?? ''}\0${file ?? ''}\0${line ?? ''}\0${column ?? ''}\0${time ?? ''}\0${message}`;

/**
 * Each file's place in the order of names, so that thousands of findings are not compared by name. One without a file
 * comes last.
 */
function fileOrder(findings: Findings): (file: string | undefined) => number {
  const names = new Set<string>();
  for (const { file } of findings) if (file !== undefined) names.add(file);
  const places = new Map([...names].sort(byName).map((name, at) => [name, at]));
  return (file) => (file === undefined ? undefined : places.get(file)) ?? names.size;
}

/** Without repetitions; errors first, then by file and line. */
export function mergeFindings(lists: readonly Findings[]): Diagnostic[] {
  const all = lists.flat();
  const placeOf = fileOrder(all);
  const placed = all
    .map((found) => ({ found, rank: RANK[found.severity], file: placeOf(found.file), line: found.line ?? 0 }))
    .sort((a, b) => a.rank - b.rank || a.file - b.file || a.line - b.line);
  // what is equal stands in one place, and in most places stands one finding
  let seen = new Set<string>();
  return placed
    .filter(({ found, rank, file, line }, at) => {
      const [before, after] = [placed[at - 1], placed[at + 1]];
      const joins = (other: typeof before): boolean =>
        other?.rank === rank && other.file === file && other.line === line;
      if (!joins(before)) seen = new Set();
      if (!joins(before) && !joins(after)) return true;
      const size = seen.size;
      return seen.add(identity(found)).size > size;
    })
    .map(({ found }) => found);
}

/** Findings that an error carries (a refused specification). */
function errorFindings(state: JobState | null): Findings {
  const list = state?.error?.details?.['diagnostics'];
  return Array.isArray(list) ? (list as Diagnostic[]) : [];
}

const readRun = (workspace: string, stepId: string): Promise<Findings> =>
  bridge.call('job.run', { workspace, step_id: stepId }).then(
    (found) => found.diagnostics,
    () => [],
  );

/** Keeps the list current; called once for the page's life. */
export function followProblems(): void {
  let asked = '';
  let followed: string | null = null;
  let recorded: readonly Findings[] = [];
  let merged: readonly Findings[] = [];
  let due: ReturnType<typeof setTimeout> | undefined;

  const merge = (): void => {
    due = undefined;
    const { state, liveDiagnostics } = useJob.getState();
    const running =
      state?.steps.filter((step) => step.status === 'running').map((step) => liveDiagnostics[step.step_id] ?? []) ?? [];
    const live = Object.values(useLiveFindings.getState().byFile);
    const { reported } = useProblemStore.getState();
    useProblemStore.setState({
      checked: live.length > 0 || reported.size > 0 || newestRuns(state).length > 0,
    });
    const lists = [
      ...live,
      ...recorded,
      ...running,
      ...reported.values(),
      state?.facts.diagnostics ?? [],
      errorFindings(state),
    ].filter((list) => list.length > 0);
    if (lists.length === merged.length && lists.every((list, at) => list === merged[at])) return;
    merged = lists;
    useProblemStore.setState({ problems: mergeFindings(lists) });
  };
  // a burst of pushes is one merge
  const mergeSoon = (): void => {
    due ??= setTimeout(merge, 0);
  };
  const follow = (): void => {
    const workspace = useWorkspace.getState().view?.path ?? null;
    const { state } = useJob.getState();
    const runs = workspace === null ? [] : newestRuns(state);
    const wanted = runs.length === 0 ? '' : [workspace, state?.job_id, ...runs].join('\u0000');
    if (workspace !== followed) useProblemStore.setState({ reported: new Map() });
    followed = workspace;
    mergeSoon();
    if (wanted === asked) return;
    asked = wanted;
    if (workspace === null || runs.length === 0) {
      recorded = [];
      return;
    }
    void Promise.all(runs.map((stepId) => readRun(workspace, stepId))).then((lists) => {
      if (asked !== wanted) return;
      recorded = lists;
      mergeSoon();
    });
  };
  useLiveFindings.subscribe(mergeSoon);
  useProblemStore.subscribe((now, before) => {
    if (now.reported !== before.reported) mergeSoon();
  });
  useJob.subscribe(follow);
  useWorkspace.subscribe(follow);
  follow();
}
