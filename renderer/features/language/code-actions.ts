// What can be done about a finding where it stands: a missing mark is put in, a superfluous one taken out; anything can
// be explained, and from there be handed to the agent. An instance gets the ports and nets that it lacks.
import i18next from 'i18next';
import type { Diagnostic } from '@genrtl/contracts';
import { pathOf } from '../editor/documents.ts';
import type { TextModel } from '../editor/documents.ts';
import { monaco } from '../editor/monaco.ts';
import { explain } from '../problems/explain-store.ts';
import { currentProblems } from '../../state/problems.ts';
import { instanceActions } from './connect-ports.ts';
import { SYNTAX } from './syntax-findings.ts';

const EXPLAIN = 'genrtl.explainFinding';
type Marker = monaco.editor.IMarkerData;

export function registerCodeActions(files: monaco.languages.LanguageSelector): void {
  monaco.editor.registerCommand(EXPLAIN, (_accessor, found: Diagnostic) => explain(found));
  monaco.languages.registerCodeActionProvider(files, {
    provideCodeActions: async (model, range, { markers }, token) => ({
      actions: [
        ...markers.flatMap((marker) => [...mends(model, marker), ...explanations(model, marker)]),
        ...(await instanceActions(model, { lineNumber: range.startLineNumber, column: range.startColumn }, token)),
      ],
      dispose: () => undefined,
    }),
  });
}

function mends(model: TextModel, marker: Marker): monaco.languages.CodeAction[] {
  const { startLineNumber, startColumn, endLineNumber, endColumn } = marker;
  const behind = new monaco.Range(endLineNumber, endColumn, endLineNumber, endColumn);
  const edit = (title: string, range: monaco.Range, text: string): monaco.languages.CodeAction => ({
    title,
    kind: 'quickfix',
    diagnostics: [marker],
    isPreferred: true,
    edit: { edits: [{ resource: model.uri, versionId: model.getVersionId(), textEdit: { range, text } }] },
  });
  switch (marker.code) {
    case `${SYNTAX}_SEMICOLON`:
      return [edit(i18next.t('codeActions.semicolon'), behind, ';')];
    case `${SYNTAX}_COMMA_MISSING`:
      return [edit(i18next.t('codeActions.comma'), behind, ',')];
    case `${SYNTAX}_COMMA`:
      return [
        edit(
          i18next.t('codeActions.removeComma'),
          new monaco.Range(startLineNumber, startColumn, endLineNumber, endColumn),
          '',
        ),
      ];
    default:
      return [];
  }
}

function explanations(model: TextModel, marker: Marker): monaco.languages.CodeAction[] {
  const path = pathOf(model);
  const found = currentProblems().find(
    (one) =>
      one.file === path &&
      one.line === marker.startLineNumber &&
      one.message === marker.message &&
      one.tool === marker.source,
  );
  return found === undefined
    ? []
    : [
        {
          title: i18next.t('codeActions.explain'),
          kind: 'quickfix',
          diagnostics: [marker],
          command: { id: EXPLAIN, title: i18next.t('codeActions.explain'), arguments: [found] },
        },
      ];
}
