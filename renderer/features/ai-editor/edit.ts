// An atomic answer to a selection: one patch, shown as changes in place, each accepted or rejected on its own. Nothing
// in the document changes before a change is accepted, and each acceptance is its own undo step.
import type { AiIntent } from '@genrtl/contracts';
import i18next from 'i18next';
import { useNotices } from '../../state/notice-store.ts';
import { monaco } from '../editor/monaco.ts';
import type { Run } from './ai-client.ts';
import { useAi } from './ai-store.ts';
import { anchorAt, placeAgain } from './anchor.ts';
import { likeSelection, unfenced, withLineEnds } from './answer-text.ts';
import { lockRange } from './lock.ts';
import { hasEnded } from './run-state.ts';
import { review } from './review.ts';
import { ask, begin, ended, sayFailure, sayMoved, sayRefused } from './session.ts';
import type { Session } from './session.ts';
import './ai-editor.css';

type Editor = ReturnType<typeof monaco.editor.create>;

export interface EditWish {
  readonly intent: AiIntent;
  /** code: whole lines are worked on */
  readonly wholeLines: boolean;
  readonly instruction?: string;
}

/** The longest selection: the snapshot holds it with its surroundings. */
const MAX_CHARS = 40_000;

/** What is worked on: the selection, else the paragraph or the unit around the cursor. */
function rangeOf(editor: Editor, model: monaco.editor.ITextModel, wholeLines: boolean): monaco.Range | null {
  const selection = editor.getSelection();
  if (selection === null) return null;
  if (!selection.isEmpty()) {
    if (!wholeLines) return selection;
    // a selection that ends before the first letter of a line does not mean that line
    const last =
      selection.endColumn === 1 && selection.endLineNumber > selection.startLineNumber
        ? selection.endLineNumber - 1
        : selection.endLineNumber;
    return new monaco.Range(selection.startLineNumber, 1, last, model.getLineMaxColumn(last));
  }
  const { positionLineNumber: line } = selection;
  const [first, last] = paragraph(model, line);
  return new monaco.Range(first, 1, last, model.getLineMaxColumn(last));
}

/** Lines around one up to the next blank ones. */
function paragraph(model: monaco.editor.ITextModel, line: number): [number, number] {
  const blank = (at: number): boolean => model.getLineContent(at).trim() === '';
  let [first, last] = [line, line];
  while (first > 1 && !blank(first - 1)) first -= 1;
  while (last < model.getLineCount() && !blank(last + 1)) last += 1;
  return [first, last];
}

export async function editSelection(editor: Editor, path: string, wish: EditWish): Promise<void> {
  const model = editor.getModel();
  const range = model === null ? null : rangeOf(editor, model, wish.wholeLines);
  if (model === null || range === null) return;
  const markdown = model.getLanguageId() === 'markdown';
  const text = model.getValue();
  const anchor = anchorAt(
    text,
    model.getOffsetAt(range.getStartPosition()),
    model.getOffsetAt(range.getEndPosition()),
    model.getVersionId(),
  );
  const say = (words: string): void => useNotices.getState().add({ tone: 'info', text: words });
  if (anchor.selected.trim() === '') return say(i18next.t('ai.nothingSelected'));
  if (anchor.selected.length > MAX_CHARS) return say(i18next.t('ai.selectionLong', { max: MAX_CHARS }));
  let run: Run | null = null;
  let over = false;
  const session: Session = {
    stop() {
      run?.cancel();
      clear();
    },
  };
  // first: the earlier one's end lifts its lock
  begin(session);
  const tracked = editor.createDecorationsCollection([
    {
      range,
      options: {
        className: 'ai-working',
        linesDecorationsClassName: 'ai-margin',
        stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
      },
    },
  ]);
  const unlock = lockRange(editor, path, () => tracked.getRange(0));
  let reviewing: { dispose(): void } | null = null;
  const clearWork = (): void => {
    unlock();
    tracked.clear();
  };
  const clear = (): void => {
    if (over) return;
    over = true;
    clearWork();
    reviewing?.dispose();
    gone.dispose();
    ended(session);
  };
  const gone = monaco.editor.onWillDisposeModel((closed) => closed === model && session.stop());
  useAi.setState({
    controls: {
      acceptAll: nothing,
      rejectAll: session.stop,
      acceptHunk: nothing,
      rejectHunk: nothing,
      stop: session.stop,
    },
  });

  const show = (answer: string): void => {
    clearWork();
    const put = withLineEnds(
      likeSelection(unfenced(answer, markdown), anchor.selected),
      model.getEOL() === '\r\n' ? '\r\n' : '\n',
    );
    const at = placeAgain(anchor, model.getValue(), model.getVersionId());
    if (at.kind === 'refused') {
      clear();
      return sayRefused(at.reason, put);
    }
    if (at.kind === 'moved') sayMoved();
    if (put === anchor.selected) {
      clear();
      return say(i18next.t('ai.unchanged'));
    }
    reviewing = review({ editor, start: at.start, before: anchor.selected, after: put, done: clear });
  };

  run = await ask(
    {
      intent: wish.intent,
      path,
      text,
      anchor,
      line: range.startLineNumber,
      column: range.startColumn,
      ...(wish.instruction === undefined ? {} : { instruction: wish.instruction }),
    },
    () => !over,
    (state) => {
      if (over || !hasEnded(state)) return;
      if (state.status === 'succeeded' && state.patch !== null) return show(state.patch);
      clear();
      if (state.status === 'failed') sayFailure(state);
    },
  );
  if (run === null) clear();
}

const nothing = (): void => undefined;
