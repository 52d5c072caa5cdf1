// Changes that wait for a decision, drawn where they would go: what goes is marked in the text, what comes stands below
// it, with the buttons beside.
import i18next from 'i18next';
import { inEachLanguage } from '../../i18n/each-language.ts';
import { useNotices } from '../../state/notice-store.ts';
import { monaco } from '../editor/monaco.ts';
import { trackAccepted } from './acceptance-store.ts';
import { useAi } from './ai-store.ts';
import { hunksOf } from './hunks.ts';
import type { Hunk } from './hunks.ts';
import { textZone } from './text-zone.ts';
import type { TextZone } from './text-zone.ts';

type Editor = ReturnType<typeof monaco.editor.create>;

interface Reviewed {
  readonly editor: Editor;
  /** offset in the document of the text that `before` is */
  readonly start: number;
  readonly before: string;
  readonly after: string;
  /** nothing waits any more */
  done(): void;
}

interface Pending {
  readonly hunk: Hunk;
  /** of the decoration that says where the old text is now */
  readonly decoration: string;
  /** what marks its lines */
  readonly marks: readonly string[];
  readonly zone: TextZone;
}

let nextId = 1;

export function review({ editor, start, before, after, done }: Reviewed): { dispose(): void } {
  const found = editor.getModel();
  if (found === null) return { dispose: () => undefined };
  const model = found;
  const pending = new Set<Pending>();
  /** the words of every button and of the bar */
  const words: (() => void)[] = [];
  let disposed = false;
  const place = (one: Pending): monaco.Range | null => model.getDecorationRange(one.decoration);

  for (const hunk of hunksOf(before, after)) pending.add(drawn(hunk));
  const bar = summary();
  editor.addOverlayWidget(bar.widget);
  const forget = inEachLanguage(() => {
    for (const say of words) say();
  });
  const key = editor.onKeyDown((event) => {
    if (event.keyCode !== monaco.KeyCode.Escape) return;
    event.preventDefault();
    event.stopPropagation();
    rejectAll();
  });
  const moved = model.onDidChangeContent(() => {
    for (const one of pending) {
      const range = place(one);
      if (range !== null) one.zone.moveTo(lastLine(range));
    }
  });
  tell();
  const [first] = pending;
  const at = first === undefined ? null : place(first);
  if (at !== null) {
    // a selection over it would hide what goes and what stays
    editor.setPosition(at.getStartPosition());
    editor.revealRangeInCenterIfOutsideViewport(at);
  }
  editor.focus();

  function drawn(hunk: Hunk): Pending {
    const range = monaco.Range.fromPositions(
      model.getPositionAt(start + hunk.start),
      model.getPositionAt(start + hunk.end),
    );
    const [decoration = ''] = model.deltaDecorations(
      [],
      [
        {
          range,
          options: { stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges },
        },
      ],
    );
    const whole =
      range.startColumn === 1 &&
      (range.endColumn === 1 || range.endColumn === model.getLineMaxColumn(range.endLineNumber));
    // old text that ends with its line end does not reach into the next line
    const marks = model.deltaDecorations(
      [],
      hunk.oldText === ''
        ? []
        : [
            {
              range: whole ? new monaco.Range(range.startLineNumber, 1, lastLine(range), 1) : range,
              options: {
                isWholeLine: whole,
                className: 'ai-removed',
                linesDecorationsClassName: 'ai-removed-margin',
                stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
              },
            },
          ],
    );
    const zone = textZone(editor, lastLine(range), hunk.newText === '' ? 'ai-nothing' : 'ai-added');
    zone.show(hunk.newText);
    const one: Pending = { hunk, decoration, marks, zone };
    // Monaco hides zones from screen readers: there the keys and the bar do the same
    zone.buttons(
      button(
        () => i18next.t('ai.accept'),
        'Alt+Y',
        () => accept(one),
        'ai-accept',
      ),
      button(
        () => i18next.t('ai.reject'),
        'Alt+N',
        () => reject(one),
        'ai-reject',
      ),
    );
    return one;
  }

  /** Whole lines end at the begin of the next one; 0: what comes stands before the first line. */
  function lastLine(range: monaco.Range): number {
    return range.endColumn === 1 ? range.endLineNumber - 1 : range.endLineNumber;
  }

  function remove(one: Pending): void {
    if (!pending.delete(one)) return;
    one.zone.dispose();
    if (!model.isDisposed()) model.deltaDecorations([one.decoration, ...one.marks], []);
  }

  function accept(...chosen: readonly Pending[]): void {
    const edits: monaco.editor.IIdentifiedSingleEditOperation[] = [];
    let changed = 0;
    const accepted: { readonly range: monaco.Range; readonly text: string }[] = [];
    for (const one of chosen) {
      const range = place(one);
      // what the person made of it meanwhile is theirs
      if (range === null || model.getValueInRange(range) !== one.hunk.oldText) changed += 1;
      else {
        edits.push({ range, text: one.hunk.newText, forceMoveMarkers: true });
        accepted.push({ range, text: one.hunk.newText });
      }
    }
    for (const one of chosen) remove(one);
    if (edits.length > 0) {
      editor.pushUndoStop();
      const starts = accepted.map(({ range }) => model.getOffsetAt(range.getStartPosition()));
      const lengths = accepted.map(({ range }) => model.getValueInRange(range).length);
      editor.executeEdits('genrtl.ai', edits);
      editor.pushUndoStop();
      let shift = 0;
      for (const [index, { text }] of accepted.entries()) {
        const from = (starts[index] ?? 0) + shift;
        shift += text.length - (lengths[index] ?? 0);
        trackAccepted(
          model,
          monaco.Range.fromPositions(model.getPositionAt(from), model.getPositionAt(from + text.length)),
          text,
          'edit',
        );
      }
    }
    if (changed > 0)
      useNotices.getState().add({ tone: 'info', text: i18next.t('ai.changedMeanwhile', { count: changed }) });
    tell();
  }

  function reject(...chosen: readonly Pending[]): void {
    for (const one of chosen) remove(one);
    tell();
  }

  /** In the order of the text, which is that of their making. */
  function acceptAll(): void {
    accept(...pending);
  }
  function rejectAll(): void {
    reject(...pending);
  }

  function atCursor(): Pending | undefined {
    const line = editor.getPosition()?.lineNumber ?? 1;
    const distance = (one: Pending): number => {
      const range = place(one);
      return range === null
        ? Number.POSITIVE_INFINITY
        : Math.max(range.startLineNumber - line, line - range.endLineNumber, 0);
    };
    return [...pending].sort((a, b) => distance(a) - distance(b))[0];
  }

  function tell(): void {
    bar.count();
    if (pending.size === 0) {
      dispose();
      done();
      return;
    }
    const chosen = (act: (...which: readonly Pending[]) => void) => (): void => {
      const one = atCursor();
      if (one !== undefined) act(one);
    };
    useAi.setState((store) => ({
      edit: store.edit === null ? null : { ...store.edit, pending: pending.size },
      controls: { acceptAll, rejectAll, acceptHunk: chosen(accept), rejectHunk: chosen(reject), stop: rejectAll },
    }));
  }

  function summary(): { readonly widget: monaco.editor.IOverlayWidget; count(): void } {
    const node = document.createElement('div');
    node.className = 'ai-bar';
    node.setAttribute('role', 'toolbar');
    const left = document.createElement('span');
    left.setAttribute('role', 'status');
    words.push(() => {
      node.setAttribute('aria-label', i18next.t('ai.changes'));
      left.textContent = i18next.t('ai.pending', { count: pending.size });
    });
    node.append(
      left,
      button(
        () => i18next.t('ai.acceptAll'),
        'Alt+Shift+Y',
        () => acceptAll(),
        'ai-accept',
      ),
      button(
        () => i18next.t('ai.rejectAll'),
        'Esc',
        () => rejectAll(),
        'ai-reject',
      ),
    );
    const id = `genrtl.ai.bar.${(nextId += 1)}`;
    return {
      widget: {
        getId: () => id,
        getDomNode: () => node,
        getPosition: () => ({ preference: monaco.editor.OverlayWidgetPositionPreference.BOTTOM_RIGHT_CORNER }),
      },
      count: () => {
        left.textContent = i18next.t('ai.pending', { count: pending.size });
      },
    };
  }

  function button(label: () => string, key: string, act: () => void, className: string): HTMLButtonElement {
    const node = document.createElement('button');
    node.type = 'button';
    node.className = className;
    words.push(() => {
      node.textContent = label();
      node.title = `${label()} (${key})`;
    });
    node.addEventListener('click', act);
    // the editor keeps the keyboard
    node.addEventListener('mousedown', (event) => event.preventDefault());
    return node;
  }

  function dispose(): void {
    if (disposed) return;
    disposed = true;
    for (const one of pending) remove(one);
    key.dispose();
    moved.dispose();
    forget();
    editor.removeOverlayWidget(bar.widget);
  }
  return { dispose };
}
