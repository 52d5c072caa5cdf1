// Short messages at the window's edge: what failed, with its hint, or what just ended.
import { create } from 'zustand';
import type { ErrorBody } from '@genrtl/contracts';
import { mendFor } from '@genrtl/ui/mends.ts';
import type { Notice } from '@genrtl/ui/notices.tsx';
import { errorBody } from '../bridge/call-error.ts';

interface NoticeStore {
  readonly notices: readonly Notice[];
  add(notice: Omit<Notice, 'id'>): void;
  dismiss(id: number): void;
  /** what was said of a workspace is not said of the next one */
  clear(): void;
}

const KEEP = 4;
let nextId = 1;

export const useNotices = create<NoticeStore>()((set) => ({
  notices: [],
  add: (notice) =>
    set(({ notices }) => {
      const same = notices.find((other) => other.text === notice.text && other.tone === notice.tone);
      if (same === undefined) return { notices: [...notices, { ...notice, id: nextId++ }].slice(-KEEP) };
      // It stays where it is; what it offers is of the last time.
      return { notices: notices.map((other) => (other === same ? { ...notice, id: other.id } : other)) };
    }),
  clear: () => set({ notices: [] }),
  dismiss: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
}));

export function showError(error: unknown): void {
  const body: ErrorBody = errorBody(error);
  const mend = mendFor(body);
  useNotices.getState().add({
    tone: 'error',
    text: body.message,
    code: body.code,
    ...(body.hint === undefined ? {} : { hint: body.hint }),
    ...(mend === null ? {} : { action: mend }),
  });
}

/** For event handlers: runs the action and shows what went wrong. */
export function run(action: () => Promise<unknown>): void {
  action().catch(showError);
}
