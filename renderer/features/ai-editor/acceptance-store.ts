// Looks again at accepted text after 30 s, 2 min and 10 min, and keeps the sums in this browser.
import { create } from 'zustand';
import type { TextModel } from '../editor/documents.ts';
import { monaco } from '../editor/monaco.ts';
import { CHECKPOINTS_S, readAcceptance, survivingChars, withAccepted, withLook } from './acceptance.ts';
import type { Acceptance, AcceptedKind } from './acceptance.ts';

const KEY = 'genrtl.ai.acceptance';

export const useAcceptance = create<{ readonly counts: Acceptance }>()(() => ({
  counts: readAcceptance(localStorage.getItem(KEY)),
}));

function count(next: (before: Acceptance) => Acceptance): void {
  const counts = next(useAcceptance.getState().counts);
  useAcceptance.setState({ counts });
  localStorage.setItem(KEY, JSON.stringify(counts));
}

/** `range` is where the text stands now. A document that was closed meanwhile is not looked at. */
export function trackAccepted(model: TextModel, range: monaco.Range, text: string, kind: AcceptedKind): void {
  if (text === '') return;
  count((before) => withAccepted(before, kind, text.length));
  const [id] = model.deltaDecorations(
    [],
    [{ range, options: { stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges } }],
  );
  if (id === undefined) return;
  for (const seconds of CHECKPOINTS_S)
    setTimeout(() => {
      if (model.isDisposed()) return;
      const now = model.getDecorationRange(id);
      const kept = now === null ? 0 : survivingChars(text, model.getValueInRange(now));
      count((before) => withLook(before, kind, seconds, text.length, kept));
      if (seconds === CHECKPOINTS_S.at(-1)) model.deltaDecorations([id], []);
    }, seconds * 1000);
}
