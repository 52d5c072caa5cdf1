// All findings of the present job, one list: the newest run of each tool step, the job's own checks, and the error's own findings.
import { useEffect, useMemo, useState } from 'react';
import type { Diagnostic, JobState } from '@genrtl/contracts';
import { bridge } from '../bridge/bridge.ts';
import { useJob } from './job-store.ts';
import { useWorkspace } from './workspace-store.ts';

const TOOL_STEPS = ['lint', 'sim', 'acceptance'] as const;

/** Newest step id of each tool step that has ended. */
export function newestRuns(state: JobState | null): string[] {
  return TOOL_STEPS.flatMap((name) => {
    const step = state?.steps.findLast((candidate) => candidate.step === name && candidate.status !== 'running');
    return step === undefined ? [] : [step.step_id];
  });
}

const identity = (found: Diagnostic): string =>
  [found.tool, found.severity, found.code, found.file, found.line, found.column, found.time, found.message].join('\u0000');

export function mergeFindings(lists: readonly (readonly Diagnostic[])[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const list of lists) for (const found of list) seen.set(identity(found), found);
  const rank = { error: 0, warning: 1, info: 2 } as const;
  return [...seen.values()].sort((a, b) => rank[a.severity] - rank[b.severity]
    || (a.file ?? '\uffff').localeCompare(b.file ?? '\uffff') || (a.line ?? 0) - (b.line ?? 0));
}

/** Findings that an error carries (a refused specification). */
function errorFindings(state: JobState | null): Diagnostic[] {
  const list = state?.error?.details?.['diagnostics'];
  return Array.isArray(list) ? (list as Diagnostic[]) : [];
}

export function useProblems(): Diagnostic[] {
  const state = useJob((store) => store.state);
  const live = useJob((store) => store.liveDiagnostics);
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const runs = newestRuns(state).join(' ');
  const [recorded, setRecorded] = useState<readonly (readonly Diagnostic[])[]>([]);
  useEffect(() => {
    if (workspace === null || runs === '') {
      setRecorded([]);
      return;
    }
    let current = true;
    void Promise.all(runs.split(' ').map((stepId) => bridge.call('job.run', { workspace, step_id: stepId }).then((found) => found.diagnostics, () => [])))
      .then((lists) => {
        if (current) setRecorded(lists);
      });
    return () => {
      current = false;
    };
  }, [workspace, runs]);
  return useMemo(() => {
    const running = state?.steps.filter((step) => step.status === 'running').map((step) => live[step.step_id] ?? []) ?? [];
    return mergeFindings([...recorded, ...running, state?.facts.diagnostics ?? [], errorFindings(state)]);
  }, [recorded, live, state]);
}
