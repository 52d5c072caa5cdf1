// The review as the page holds it: read again when the job or the disk moves, replaced by what each decision answers.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReviewFile, ReviewView } from '@genrtl/contracts/review.ts';
import { bridge } from '../../bridge/bridge.ts';
import { useJob } from '../../state/job-store.ts';
import { useLink } from '../../state/link-store.ts';
import { showError } from '../../state/notice-store.ts';
import { onDiskChange } from '../../state/pushes.ts';
import { useWorkspace } from '../../state/workspace-store.ts';

/** Files and, of each, all hunks or the named ones. */
export type Choice = readonly { readonly file: ReviewFile; readonly hunks?: readonly string[] }[];

export interface Review {
  readonly view: ReviewView | null;
  /** a decision is on its way */
  readonly busy: boolean;
  reload(): void;
  decide(decision: 'accept' | 'reject', choice: Choice): void;
  restore(id: string): void;
}

const SETTLE_MS = 250;

export function useReview(): Review {
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const epoch = useLink((store) => store.epoch);
  const moved = useJob(
    (store) =>
      `${store.state?.job_id ?? ''} ${store.state?.steps.filter((step) => step.step === 'apply').length ?? 0} ${store.state?.status ?? ''}`,
  );
  const [view, setView] = useState<ReviewView | null>(null);
  const [busy, setBusy] = useState(false);
  const asked = useRef(0);
  const shown = useRef(0);

  const take = useCallback((answer: Promise<ReviewView>): Promise<void> => {
    const turn = (asked.current += 1);
    return answer.then((fresh) => {
      // main answers in turn: what was asked later knows more
      if (turn > shown.current) {
        shown.current = turn;
        setView(fresh);
      }
    });
  }, []);
  const reload = useCallback(() => {
    if (workspace !== '') take(bridge.call('review.read', { workspace })).catch(showError);
  }, [workspace, take]);
  useEffect(reload, [reload, moved, epoch]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onDiskChange(({ paths, anywhere }) => {
      if (!anywhere && paths.every((path) => path.startsWith('.genRTL/') && path !== '.genRTL/review.json')) return;
      clearTimeout(timer);
      timer = setTimeout(reload, SETTLE_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [reload]);

  const act = (answer: () => Promise<ReviewView>): void => {
    if (busy) return;
    setBusy(true);
    take(answer())
      .catch((failure: unknown) => {
        showError(failure);
        // what was shown did not hold any more
        reload();
      })
      .finally(() => setBusy(false));
  };
  return {
    view,
    busy,
    reload,
    decide: (decision, choice) => {
      const targets = choice
        .map(({ file, hunks }) => ({
          path: file.path,
          sha256: file.sha256,
          hunks: [...(hunks ?? file.hunks.map((hunk) => hunk.id))],
        }))
        .filter((target) => target.hunks.length > 0);
      if (targets.length > 0) act(() => bridge.call('review.decide', { workspace, decision, targets }));
    },
    restore: (id) => act(() => bridge.call('review.restore', { workspace, id })),
  };
}
