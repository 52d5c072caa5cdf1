// The text of a specification in an editor: line numbers, findings under their lines, find, undo. The editor is loaded
// with the first text.
import { useEffect, useRef, useState } from 'react';
import type { Diagnostic } from '@genrtl/contracts';
import type { editor as MonacoEditor } from 'monaco-editor/editor/editor.api.js';
import type * as Monaco from '../editor/monaco.ts';
import { useSettings } from '../../state/settings-store.ts';

/** A line to be shown; each request is a new object. */
export interface ShownLine {
  readonly line: number;
}

interface SpecTextProps {
  readonly label: string;
  /** the text at first; what it becomes is the person's */
  readonly initial: string;
  /** the name decides about colours */
  readonly name: string;
  readonly findings?: readonly Diagnostic[];
  readonly shown?: ShownLine | null;
  /** without it the text can only be read */
  readonly onChange?: (text: string) => void;
}

interface Open {
  readonly parts: typeof Monaco;
  readonly editor: MonacoEditor.IStandaloneCodeEditor;
  readonly model: MonacoEditor.ITextModel;
}

const LARGE = 2_000_000;
const NONE: readonly Diagnostic[] = [];

export function SpecText({ label, initial, name, findings = NONE, shown = null, onChange }: SpecTextProps) {
  const theme = useSettings((store) => store.settings?.theme ?? 'dark');
  const host = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const start = useRef({ initial, name, label, readOnly: onChange === undefined });
  const changed = useRef(onChange);
  useEffect(() => {
    changed.current = onChange;
  }, [onChange]);
  useEffect(() => {
    let ended = false;
    let opened: Open | null = null;
    const load = async (): Promise<void> => {
      const parts = await import('../editor/monaco.ts');
      if (ended || host.current === null) return;
      const { initial: text, name: file, label: ariaLabel, readOnly } = start.current;
      const large = text.length > LARGE;
      const model = large
        ? parts.createLargeModel(text, 'plaintext')
        : parts.monaco.editor.createModel(text, parts.languageOf(file));
      const editor = parts.monaco.editor.create(host.current, {
        ...parts.EDITOR_OPTIONS,
        ...(large ? parts.LARGE_FILE_OPTIONS : {}),
        model,
        readOnly,
        ariaLabel,
        fontSize: 12,
        wordWrap: 'on',
        folding: false,
        stickyScroll: { enabled: false },
        // Monaco's own menu hangs in a root of its own, behind the dialog; the browser's copies and pastes too
        contextmenu: false,
        quickSuggestions: false,
        wordBasedSuggestions: 'off',
        lineNumbersMinChars: 4,
        unicodeHighlight: { ambiguousCharacters: false },
      });
      opened = { parts, editor, model };
      model.onDidChangeContent(() => changed.current?.(model.getValue()));
      setOpen(opened);
    };
    load().catch(() => undefined);
    return () => {
      ended = true;
      opened?.editor.dispose();
      opened?.model.dispose();
    };
  }, []);
  useEffect(() => open?.parts.monaco.editor.setTheme(theme === 'dark' ? 'genrtl-dark' : 'genrtl-light'), [open, theme]);
  useEffect(() => {
    if (open === null) return;
    const { monaco } = open.parts;
    const severities = {
      error: monaco.MarkerSeverity.Error,
      warning: monaco.MarkerSeverity.Warning,
      info: monaco.MarkerSeverity.Info,
    };
    const last = open.model.getLineCount();
    monaco.editor.setModelMarkers(
      open.model,
      'genrtl-spec',
      findings.flatMap(({ line, severity, message, code }) =>
        line === undefined || line > last
          ? []
          : [
              {
                severity: severities[severity],
                message,
                ...(code === undefined ? {} : { code }),
                startLineNumber: line,
                endLineNumber: line,
                startColumn: open.model.getLineFirstNonWhitespaceColumn(line) || 1,
                endColumn: open.model.getLineMaxColumn(line),
              },
            ],
      ),
    );
  }, [open, findings]);
  useEffect(() => {
    if (open === null || shown === null) return;
    const line = Math.min(shown.line, open.model.getLineCount());
    open.editor.revealLineInCenter(line);
    open.editor.setPosition({ lineNumber: line, column: open.model.getLineFirstNonWhitespaceColumn(line) || 1 });
    open.editor.focus();
  }, [open, shown]);
  return <div ref={host} className="spec-editor" />;
}
