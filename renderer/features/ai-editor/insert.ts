// A streamed answer at the cursor: shown beside the document while it comes, put in once when it is whole. One undo
// leads back to before.
import type { AiIntent } from '@genrtl/contracts';
import { monaco } from '../editor/monaco.ts';
import { trackAccepted } from './acceptance-store.ts';
import type { Run } from './ai-client.ts';
import { useAi } from './ai-store.ts';
import { anchorAt, placeAgain } from './anchor.ts';
import { unfenced, unfencedSoFar, withLineEnds } from './answer-text.ts';
import { lockRange } from './lock.ts';
import { painter } from './paint.ts';
import { hasEnded } from './run-state.ts';
import { ask, begin, ended, PAGE, sayFailure, sayMoved, sayRefused } from './session.ts';
import type { Session } from './session.ts';
import { textZone } from './text-zone.ts';
import './ai-editor.css';

type Editor = ReturnType<typeof monaco.editor.create>;

export async function insertAnswer(editor: Editor, path: string, intent: AiIntent): Promise<void> {
  const model = editor.getModel();
  const place = editor.getSelection()?.getEndPosition();
  if (model === null || place === undefined) return;
  const markdown = model.getLanguageId() === 'markdown';
  const text = model.getValue();
  const offset = model.getOffsetAt(place);
  const anchor = anchorAt(text, offset, offset, model.getVersionId());
  let run: Run | null = null;
  let over = false;
  const tracked = editor.createDecorationsCollection([
    {
      range: monaco.Range.fromPositions(place),
      options: { isWholeLine: true, className: 'ai-place', linesDecorationsClassName: 'ai-margin' },
    },
  ]);
  const session: Session = {
    stop() {
      run?.cancel();
      clear();
    },
  };
  // first: the earlier one's end lifts its lock
  begin(session);
  const lineNow = (): number => tracked.getRange(0)?.startLineNumber ?? place.lineNumber;
  const zone = textZone(editor, place.lineNumber, 'ai-preview');
  const unlock = lockRange(editor, path, () => {
    const line = lineNow();
    return new monaco.Range(line, 1, line, model.getLineMaxColumn(Math.min(line, model.getLineCount())));
  });
  const paint = painter(() => {
    zone.moveTo(lineNow());
    zone.show(unfencedSoFar(run?.state().text ?? '', markdown));
  }, PAGE);
  const clear = (): void => {
    if (over) return;
    over = true;
    paint.dispose();
    unlock();
    tracked.clear();
    zone.dispose();
    gone.dispose();
    ended(session);
  };
  // the editor was closed, or shows another document
  const gone = monaco.editor.onWillDisposeModel((closed) => closed === model && session.stop());
  useAi.setState({ controls: { ...NOTHING, rejectAll: session.stop, stop: session.stop } });

  const commit = (answer: string): void => {
    const put = withLineEnds(unfenced(answer, markdown), model.getEOL() === '\r\n' ? '\r\n' : '\n');
    const at = placeAgain(anchor, model.getValue(), model.getVersionId());
    clear();
    if (put === '') return;
    if (at.kind === 'refused') {
      sayRefused(at.reason, put);
      return;
    }
    if (at.kind === 'moved') sayMoved();
    const range = monaco.Range.fromPositions(model.getPositionAt(at.start));
    editor.pushUndoStop();
    editor.executeEdits('genrtl.ai', [{ range, text: put, forceMoveMarkers: true }]);
    editor.pushUndoStop();
    const last = model.getPositionAt(at.start + put.length);
    trackAccepted(model, monaco.Range.fromPositions(range.getStartPosition(), last), put, 'insert');
    editor.setPosition(last);
    editor.revealPositionInCenterIfOutsideViewport(last);
  };

  run = await ask(
    { intent, path, text, anchor, line: place.lineNumber, column: place.column },
    () => !over,
    (state) => {
      if (over) return;
      paint.wanted();
      if (!hasEnded(state)) return;
      if (state.status === 'succeeded') commit(state.text);
      else {
        clear();
        if (state.status === 'failed') sayFailure(state);
      }
    },
  );
  if (run === null) clear();
}

const nothing = (): void => undefined;
const NOTHING = { acceptAll: nothing, rejectAll: nothing, acceptHunk: nothing, rejectHunk: nothing, stop: nothing };
