// What an editor's context menu and keys do beyond Monaco's own actions.
import i18next from 'i18next';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { reveal } from '../explorer/reveal-store.ts';
import { connectPorts } from '../language/connect-ports.ts';
import { settleDocument } from '../language/document-sync.ts';
import { useSearch } from '../language/search-store.ts';
import { saveDocument } from './documents.ts';
import { monaco } from './monaco.ts';

type Editor = ReturnType<typeof monaco.editor.create>;
const { KeyMod, KeyCode } = monaco;

/** Monaco keeps actions in a list of the whole page, and with them the editor, until they are taken back. */
export function addEditorActions(editor: Editor, path: string): monaco.IDisposable[] {
  const references = (): void => {
    const at = editor.getPosition();
    const workspace = useWorkspace.getState().view?.path;
    if (at === null || workspace === undefined) return;
    run(async () => {
      await settleDocument(path);
      await useSearch.getState().references(workspace, path, at.lineNumber, at.column);
    });
  };
  const wrap = (): void => {
    const wrapped = editor.getOption(monaco.editor.EditorOption.wordWrap) !== 'off';
    editor.updateOptions({ wordWrap: wrapped ? 'off' : 'on' });
  };
  return [
    editor.addAction({
      id: 'genrtl.save',
      label: i18next.t('editor.save'),
      keybindings: [KeyMod.CtrlCmd | KeyCode.KeyS],
      run: () => run(() => saveDocument(path)),
    }),
    editor.addAction({
      id: 'genrtl.references',
      label: i18next.t('search.allReferences'),
      keybindings: [KeyMod.Shift | KeyCode.F12],
      contextMenuGroupId: 'navigation',
      contextMenuOrder: 1.5,
      run: references,
    }),
    ...(/\.svh?$|\.vh?$/i.test(path)
      ? [
          editor.addAction({
            id: 'genrtl.connectPorts',
            label: i18next.t('commands.connectPorts'),
            contextMenuGroupId: '1_modification',
            contextMenuOrder: 1.7,
            precondition: '!editorReadonly',
            run: () => connectPorts(editor),
          }),
        ]
      : []),
    editor.addAction({
      id: 'genrtl.wordWrap',
      label: i18next.t('commands.wordWrap'),
      keybindings: [KeyMod.Alt | KeyCode.KeyZ],
      run: wrap,
    }),
    editor.addAction({
      id: 'genrtl.reveal',
      label: i18next.t('commands.revealFile'),
      contextMenuGroupId: 'z_view',
      run: () => reveal(path),
    }),
  ];
}
