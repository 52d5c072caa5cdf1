// What an instance lacks, put in by the editor itself: missing ports connected, nets declared. Main works out the edits
// from the workspace's sources; nobody else is asked.
import type { CodeInstance, CodeReplacement } from '@genrtl/contracts/language.ts';
import i18next from 'i18next';
import { bridge } from '../../bridge/bridge.ts';
import { run, useNotices } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { pathOf } from '../editor/documents.ts';
import type { TextModel } from '../editor/documents.ts';
import { monaco } from '../editor/monaco.ts';
import { settleDocument } from './document-sync.ts';
import { unlessVoid } from './void-answer.ts';

type Editor = ReturnType<typeof monaco.editor.create>;
interface Place {
  readonly lineNumber: number;
  readonly column: number;
}

/** null: no instance there, or the text changed while main was asked. */
async function instanceAt(
  model: TextModel,
  { lineNumber, column }: Place,
  token?: monaco.CancellationToken,
): Promise<CodeInstance | null> {
  const path = pathOf(model);
  const version = model.getVersionId();
  await settleDocument(path);
  if (token?.isCancellationRequested === true || model.isDisposed()) return null;
  const workspace = useWorkspace.getState().view?.path ?? '';
  const asked = bridge.call('language.instance', { workspace, path, line: lineNumber, column });
  const answer = await unlessVoid(asked, null);
  return answer !== null && !model.isDisposed() && model.getVersionId() === version ? answer.instance : null;
}

const replacement = ({ line, column, end_line, end_column, text }: CodeReplacement): monaco.languages.TextEdit => ({
  range: new monaco.Range(line, column, end_line, end_column),
  text,
});

function connectTitle({ missing, declares }: CodeInstance): string {
  const ports = i18next.t('codeActions.connectPorts', { count: missing.length });
  return declares.length === 0 ? ports : `${ports}, ${i18next.t('codeActions.andDeclare', { count: declares.length })}`;
}

/** For the light bulb. */
export async function instanceActions(
  model: TextModel,
  place: Place,
  token: monaco.CancellationToken,
): Promise<monaco.languages.CodeAction[]> {
  if (model.getLanguageId() === 'vhdl') return [];
  const instance = await instanceAt(model, place, token);
  if (instance === null) return [];
  const action = (title: string, edits: readonly CodeReplacement[]): monaco.languages.CodeAction => ({
    title,
    kind: 'refactor.rewrite',
    edit: {
      edits: edits.map((one) => ({
        resource: model.uri,
        versionId: model.getVersionId(),
        textEdit: replacement(one),
      })),
    },
  });
  return [
    ...(instance.connect.length === 0 ? [] : [action(connectTitle(instance), instance.connect)]),
    ...(instance.declare.length === 0
      ? []
      : [action(i18next.t('codeActions.declareNets', { count: instance.undeclared.length }), instance.declare)]),
  ];
}

/** The command: everything that the instance at the cursor lacks, in one step of undo. */
export function connectPorts(editor: Editor): void {
  const model = editor.getModel();
  const place = editor.getPosition();
  if (model === null || place === null || editor.getOption(monaco.editor.EditorOption.readOnly)) return;
  const say = (text: string): void => useNotices.getState().add({ tone: 'info', text });
  run(async () => {
    const instance = await instanceAt(model, place);
    if (instance === null) {
      say(i18next.t('instance.none'));
      return;
    }
    const name = `${instance.module} ${instance.name}`;
    const edits = [...instance.connect, ...instance.declare].map(replacement);
    if (edits.length > 0) {
      editor.pushUndoStop();
      editor.executeEdits('genrtl.connectPorts', edits);
      editor.pushUndoStop();
    }
    if (instance.left.length > 0) say(i18next.t('instance.left', { name, nets: instance.left.join(', ') }));
    else if (edits.length === 0) say(i18next.t('instance.whole', { name }));
  });
}
