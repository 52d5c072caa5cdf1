// Formats (System)Verilog documents: main asks Verible where it is installed, else it indents by blocks and brackets.
import { bridge } from '../../bridge/bridge.ts';
import { showError } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { pathOf } from '../editor/documents.ts';
import type { TextModel } from '../editor/documents.ts';
import { monaco } from '../editor/monaco.ts';

export function registerFormatting(files: monaco.languages.LanguageSelector): void {
  monaco.languages.registerDocumentFormattingEditProvider(files, {
    displayName: 'genRTL',
    provideDocumentFormattingEdits: async (model, { tabSize, insertSpaces }) => {
      const version = model.getVersionId();
      try {
        const { text } = await bridge.call('language.format', {
          workspace: useWorkspace.getState().view?.path ?? '',
          path: pathOf(model),
          text: model.getValue(),
          tab_size: tabSize,
          insert_spaces: insertSpaces,
        });
        // what was typed meanwhile is worth more
        return model.getVersionId() === version ? lineEdits(model, text) : [];
      } catch (error) {
        showError(error);
        return [];
      }
    },
  });
}

/** Lines that differ, each on its own, so that cursor, folds and markers stay; as a whole where lines came or went. */
function lineEdits(model: TextModel, text: string): monaco.languages.TextEdit[] {
  const lines = text.split(/\r?\n/);
  if (lines.length !== model.getLineCount())
    return text === model.getValue() ? [] : [{ range: model.getFullModelRange(), text }];
  return lines.flatMap((line, at) => {
    const before = model.getLineContent(at + 1);
    return before === line ? [] : [{ range: new monaco.Range(at + 1, 1, at + 1, before.length + 1), text: line }];
  });
}
