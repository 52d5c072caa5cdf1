// The plan as the person edits it at its gate. It lives outside the panel: closing the panel loses nothing, and the
// gate knows that something is not saved.
import { create } from 'zustand';
import type { ErrorBody, Plan } from '@genrtl/contracts';
import { bridge } from '../bridge/bridge.ts';
import { errorBody } from '../bridge/call-error.ts';
import { loadPlan } from './workspace-store.ts';

interface PlanEdit {
  readonly draft: Plan | null;
  /** the job that the draft is of */
  readonly jobId: string;
  /** why it could not be saved */
  readonly error: ErrorBody | null;
  begin(plan: Plan, jobId: string): void;
  change(edit: (plan: Plan) => Plan): void;
  discard(): void;
  /** false when the plan was refused; the draft stays */
  save(workspace: string): Promise<boolean>;
}

export const usePlanEdit = create<PlanEdit>()((set, get) => ({
  draft: null,
  jobId: '',
  error: null,
  begin: (draft, jobId) => set({ draft, jobId, error: null }),
  change: (edit) => set(({ draft }) => ({ draft: draft === null ? null : edit(draft) })),
  discard: () => set({ draft: null, error: null }),
  save: async (workspace) => {
    const { draft } = get();
    if (draft === null) return true;
    try {
      await bridge.call('job.editPlan', { workspace, plan: draft });
      set({ draft: null, error: null });
      await loadPlan(workspace);
      return true;
    } catch (failure) {
      set({ error: errorBody(failure) });
      return false;
    }
  },
}));

/** Whether the present job's plan has changes that are not saved. */
export const useUnsavedPlan = (jobId: string | undefined): boolean =>
  usePlanEdit((store) => store.draft !== null && store.jobId === jobId);
