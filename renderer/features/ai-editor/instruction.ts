// A line at the selection in which the person says what is to be done with it. Enter asks, Escape puts it away; the
// last words stand there again the next time.
import i18next from 'i18next';
import { inEachLanguage } from '../../i18n/each-language.ts';
import { monaco } from '../editor/monaco.ts';
import './ai-editor.css';

type Editor = ReturnType<typeof monaco.editor.create>;

/** The request's own limit. */
const MAX_CHARS = 4_000;
let last = '';

/** null: the person thought better of it. */
export function askInstruction(editor: Editor): Promise<string | null> {
  const start = editor.getSelection()?.getStartPosition();
  if (start === undefined) return Promise.resolve(null);
  return new Promise((resolve) => {
    const node = document.createElement('form');
    node.className = 'ai-instruction';
    const field = document.createElement('input');
    field.type = 'text';
    field.maxLength = MAX_CHARS;
    field.value = last;
    const forget = inEachLanguage(() => {
      field.placeholder = i18next.t('ai.instructionHint');
      field.setAttribute('aria-label', i18next.t('ai.instruction'));
    });
    node.append(field);
    const { ABOVE, BELOW } = monaco.editor.ContentWidgetPositionPreference;
    const widget: monaco.editor.IContentWidget = {
      allowEditorOverflow: true,
      getId: () => 'genrtl.aiInstruction',
      getDomNode: () => node,
      getPosition: () => ({ position: start, preference: [ABOVE, BELOW] }),
    };
    let over = false;
    const end = (words: string | null): void => {
      if (over) return;
      over = true;
      gone.dispose();
      forget();
      editor.removeContentWidget(widget);
      editor.focus();
      resolve(words);
    };
    const gone = editor.onDidChangeModel(() => {
      end(null);
    });
    node.addEventListener('submit', (event) => {
      event.preventDefault();
      const words = field.value.trim();
      if (words === '') return;
      last = words;
      end(words);
    });
    // the editor's own keys are not meant while one writes here
    node.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key !== 'Escape' || event.isComposing) return;
      event.preventDefault();
      end(null);
    });
    field.addEventListener('blur', () => {
      end(null);
    });
    editor.addContentWidget(widget);
    // once it has been laid out
    requestAnimationFrame(() => {
      field.focus();
      field.select();
    });
  });
}
