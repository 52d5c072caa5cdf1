// While an answer is on its way the text that it is for cannot be typed into; the rest of the document can. Monaco has
// no locked ranges: an editor whose cursor reaches in is read-only as long as it does.
import i18next from 'i18next';
import { inEachLanguage } from '../../i18n/each-language.ts';
import { useDocuments } from '../editor/document-store.ts';
import { monaco } from '../editor/monaco.ts';

type Editor = ReturnType<typeof monaco.editor.create>;

/** Read-only for an answer's sake alone: whoever asks again takes its place. */
export const AWAITS_ANSWER = 'genrtlAwaitsAnswer';

/** `range` gives the locked part as it is now. Returns the end of the lock. */
export function lockRange(editor: Editor, path: string, range: () => monaco.Range | null): () => void {
  const own = (): boolean => useDocuments.getState().documents[path]?.locked === true;
  const awaits = editor.createContextKey<boolean>(AWAITS_ANSWER, false);
  const check = (): void => {
    const locked = range();
    const reached =
      locked !== null &&
      (editor.getSelections() ?? []).some((selection) => monaco.Range.areIntersectingOrTouching(locked, selection));
    const message = reached && !own() ? i18next.t('ai.locked') : i18next.t('editor.readOnly');
    awaits.set(reached && !own());
    editor.updateOptions({ readOnly: reached || own(), readOnlyMessage: { value: message } });
  };
  const listener = editor.onDidChangeCursorSelection(check);
  const forget = inEachLanguage(check);
  return () => {
    listener.dispose();
    forget();
    awaits.reset();
    if (editor.getModel() !== null)
      editor.updateOptions({ readOnly: own(), readOnlyMessage: { value: i18next.t('editor.readOnly') } });
  };
}
