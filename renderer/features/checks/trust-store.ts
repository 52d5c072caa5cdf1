// The question whether commands of a project may run on this machine, asked by whoever needs the answer.
import { create } from 'zustand';
import { errorBody } from '../../bridge/call-error.ts';
import { openPanel } from '../../workbench/dock-store.ts';

interface TrustStore {
  /** who waits for the answer; null: nobody */
  readonly waiting: ((trusted: boolean) => void) | null;
  answer(trusted: boolean): void;
}

export const useTrust = create<TrustStore>()((set, get) => ({
  waiting: null,
  answer: (trusted) => {
    const { waiting } = get();
    set({ waiting: null });
    waiting?.(trusted);
  },
}));

/** Runs `work`; where the project's commands are not trusted the person is asked, and after a yes it runs again. */
export async function withTrust<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (errorBody(error).code !== 'PROJECT_UNTRUSTED') throw error;
    openPanel('checks');
    useTrust.getState().answer(false);
    const trusted = await new Promise<boolean>((waiting) => useTrust.setState({ waiting }));
    if (!trusted) throw error;
    return work();
  }
}
