// Squiggles from diagnostics, for every document that is open.
import type { Diagnostic, Severity } from '@genrtl/contracts';
import { pathOf } from './documents.ts';
import { monaco } from './monaco.ts';

const OWNER = 'genrtl';

const SEVERITIES: Readonly<Record<Severity, number>> = {
  error: monaco.MarkerSeverity.Error,
  warning: monaco.MarkerSeverity.Warning,
  info: monaco.MarkerSeverity.Info,
};

type Model = ReturnType<typeof monaco.editor.getModels>[number];

/** What each text shows: squiggles move with the text, and are set anew only when other findings are known. */
const shown = new WeakMap<Model, readonly Diagnostic[]>();
const NONE: readonly Diagnostic[] = [];

/** Tools that give a line only get the whole line without its indentation. */
export function showMarkers(problems: readonly Diagnostic[]): void {
  const byFile = Map.groupBy(
    problems.filter((found) => found.file !== undefined),
    (found) => found.file,
  );
  for (const model of monaco.editor.getModels()) {
    if (model.uri.scheme !== 'workspace') continue;
    const found = byFile.get(pathOf(model)) ?? NONE;
    const before = shown.get(model) ?? NONE;
    if (found.length === before.length && found.every((problem, at) => problem === before[at])) continue;
    shown.set(model, found);
    monaco.editor.setModelMarkers(
      model,
      OWNER,
      found.map((problem) => {
        const line = Math.min(problem.line ?? 1, model.getLineCount());
        const first = problem.column ?? model.getLineFirstNonWhitespaceColumn(line);
        const word =
          problem.column === undefined ? null : model.getWordAtPosition({ lineNumber: line, column: problem.column });
        return {
          severity: SEVERITIES[problem.severity],
          message: problem.message,
          source: problem.tool,
          ...(problem.code === undefined ? {} : { code: problem.code }),
          startLineNumber: line,
          startColumn: Math.max(1, first),
          endLineNumber: line,
          endColumn: problem.end_column ?? word?.endColumn ?? model.getLineMaxColumn(line),
        };
      }),
    );
  }
}
