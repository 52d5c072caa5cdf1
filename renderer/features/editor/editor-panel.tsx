// One editor of one file: text, squiggles, save, and what to do when the disk changed under it.
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IDockviewPanelProps } from 'dockview-react';
import { Lock } from 'lucide-react';
import type { ErrorBody } from '@genrtl/contracts';
import { errorBody } from '../../bridge/call-error.ts';
import { run } from '../../state/notice-store.ts';
import { useProblems } from '../../state/problems.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { addAiActions, attachAi } from '../ai-editor/ai-actions.ts';
import { Breadcrumbs } from '../language/breadcrumbs.tsx';
import { registerLanguageFeatures } from '../language/providers.ts';
import { inEachLanguage } from '../../i18n/each-language.ts';
import { useDock } from '../../workbench/dock-store.ts';
import { useActiveEditor, useEditorPlace } from './active-editor.ts';
import type { ActiveEditor } from './active-editor.ts';
import { useDocuments } from './document-store.ts';
import { addEditorActions } from './editor-actions.ts';
import { acquireDocument, releaseDocument, reloadDocument, saveDocument } from './documents.ts';
import type { TextModel } from './documents.ts';
import { isOfEarlierVisit, recallPlace, rememberPlace } from './editor-places.ts';
import { showMarkers } from './markers.ts';
import { useGitGutter } from './git-gutter.ts';
import { useSourceValues } from './source-values.ts';
import { createLargeModel, EDITOR_OPTIONS, languageOf, LARGE_FILE_OPTIONS, monaco, showLargeFile } from './monaco.ts';

interface EditorParams {
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  readonly request?: number;
}

type Editor = ReturnType<typeof monaco.editor.create>;
/** Part of Monaco's snippet feature, which its types leave out. */
type SnippetController = monaco.editor.IEditorContribution & { insert(snippet: string): void };

registerLanguageFeatures();

const MarkdownPreview = lazy(async () => ({ default: (await import('./markdown-preview.tsx')).MarkdownPreview }));
/** After the last move of the cursor. */
const PLACE_MS = 300;
const PROSE = /\.(?:md|markdown|txt)$/i;
const MARKDOWN = /\.(?:md|markdown)$/i;

/**
 * Whether outline and breadcrumbs follow this editor: it has the focus, or it is seen and no other one is followed
 * that is seen. After a restore several editors load in any order, most of them behind others.
 */
function isLookedAt(path: string, panel: IDockviewPanelProps['api']): boolean {
  if (!panel.isVisible) return false;
  const followed = useEditorPlace.getState().place?.path;
  if (panel.isActive || followed === undefined || followed === path) return true;
  return useDock.getState().api?.getPanel(`file:${followed}`)?.api.isVisible !== true;
}

export function EditorPanel({ params, api: panel }: IDockviewPanelProps<EditorParams>) {
  const { t } = useTranslation();
  const { path, line, column, request } = params;
  const theme = useSettings((store) => store.settings?.theme ?? 'dark');
  const state = useDocuments((store) => store.documents[path]);
  const locked = state?.locked ?? true;
  const problems = useProblems();
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);
  const [headShown, setHeadShown] = useState(false);
  const [cursorLine, setLine] = useState(1);
  const [preview, setPreview] = useState<string | null>(null);

  useEffect(() => {
    let made: Editor | null = null;
    let ended = false;
    let held = false;
    const actions: monaco.IDisposable[] = [];
    const create = (own: monaco.editor.IStandaloneEditorConstructionOptions): Editor | null =>
      ended || host.current === null
        ? null
        : monaco.editor.create(host.current, {
            ...EDITOR_OPTIONS,
            wordWrap: PROSE.test(path) ? 'on' : 'off',
            ariaLabel: path,
            ...own,
          });
    let headModel: TextModel | null = null;
    acquireDocument(path, ({ text, large }) => {
      headModel = text === null ? null : createLargeModel(text, languageOf(path));
      made = create({ model: headModel, readOnly: true, ...(large ? LARGE_FILE_OPTIONS : {}) });
      setHeadShown(headModel !== null);
    }).then(
      (model) => {
        const large = useDocuments.getState().documents[path]?.large === true;
        const editing = made ?? create(large ? { model: null, ...LARGE_FILE_OPTIONS } : { model });
        if (ended || editing === null) {
          releaseDocument(path);
          return;
        }
        made = editing;
        if (editing.getModel() !== model) {
          const view = editing.saveViewState();
          if (large) showLargeFile(editing, model);
          else editing.setModel(model);
          editing.restoreViewState(view);
          headModel?.dispose();
          setHeadShown(false);
        }
        const forget = inEachLanguage(() => {
          const added = [...addEditorActions(editing, path), ...(large ? [] : addAiActions(editing, path))];
          return () => {
            for (const one of added) one.dispose();
          };
        });
        actions.push({ dispose: forget }, ...(large ? [] : [attachAi(editing)]));
        const workspace = useWorkspace.getState().view?.path ?? '';
        const kept = recallPlace(workspace, path);
        if (kept !== null) {
          const position = { lineNumber: kept.line, column: kept.column };
          editing.setPosition(position);
          editing.revealPositionInCenterIfOutsideViewport(position);
        }
        let due: ReturnType<typeof setTimeout> | undefined;
        const keep = (): void => {
          clearTimeout(due);
          due = setTimeout(() => {
            const at = editing.getPosition();
            if (at !== null) rememberPlace(workspace, path, { line: at.lineNumber, column: at.column });
          }, PLACE_MS);
        };
        const place = (): void => {
          const cursor = editing.getPosition() ?? { lineNumber: 1, column: 1 };
          setLine(cursor.lineNumber);
          if (isLookedAt(path, panel))
            useEditorPlace.getState().at({ path, line: cursor.lineNumber, column: cursor.column });
        };
        editing.onDidFocusEditorText(place);
        editing.onDidChangeCursorPosition(() => {
          place();
          keep();
        });
        actions.push(panel.onDidActiveChange(place), panel.onDidVisibilityChange(place), {
          dispose: () => {
            clearTimeout(due);
            useEditorPlace.getState().leave(path);
          },
        });
        place();
        setEditor(editing);
        held = true;
      },
      (failure: unknown) => {
        made?.dispose();
        headModel?.dispose();
        made = null;
        if (ended) return;
        setHeadShown(false);
        setError(errorBody(failure));
      },
    );
    return () => {
      ended = true;
      for (const action of actions) action.dispose();
      made?.dispose();
      headModel?.dispose();
      if (!held) return;
      releaseDocument(path);
      setEditor(null);
    };
  }, [path, panel]);
  useEffect(() => {
    if (editor === null || locked) return undefined;
    const active: ActiveEditor = {
      path,
      run: (action) => void editor.getAction(action)?.run(),
      text: () => editor.getValue(),
      line: () => editor.getPosition()?.lineNumber ?? 1,
      selection: () => {
        const chosen = editor.getSelection();
        if (chosen === null || chosen.isEmpty()) return null;
        // whole lines: what is cited has a line number
        const end = chosen.endColumn === 1 ? chosen.endLineNumber - 1 : chosen.endLineNumber;
        const range = {
          startLineNumber: chosen.startLineNumber,
          startColumn: 1,
          endLineNumber: end,
          endColumn: 100_000,
        };
        const text = editor.getModel()?.getValueInRange(range).replaceAll('\r\n', '\n') ?? '';
        return { text: text.slice(0, 32_000), start: chosen.startLineNumber, end };
      },
      insertSnippet: (snippet, beforeLine) => {
        panel.setActive();
        // A tab that was hidden takes the focus only once it is in the page again.
        requestAnimationFrame(() => {
          editor.focus();
          if (beforeLine !== undefined) {
            editor.setPosition({ lineNumber: beforeLine, column: 1 });
            editor.revealLineInCenter(beforeLine);
          }
          editor.getContribution<SnippetController>('snippetController2')?.insert(snippet);
        });
      },
    };
    const { activate, leave } = useActiveEditor.getState();
    activate(active);
    const focused = editor.onDidFocusEditorText(() => activate(active));
    return () => {
      focused.dispose();
      leave(active);
    };
  }, [editor, path, locked, panel]);
  useSourceValues(editor, path);
  useGitGutter(editor, path);
  useEffect(() => monaco.editor.setTheme(theme === 'dark' ? 'genrtl-dark' : 'genrtl-light'), [theme]);
  useEffect(() => {
    editor?.updateOptions({ readOnly: state?.locked ?? false, readOnlyMessage: { value: t('editor.readOnly') } });
  }, [editor, state?.locked, t]);
  useEffect(() => {
    if (editor !== null) showMarkers(problems);
  }, [editor, problems]);
  useEffect(() => {
    if (editor === null || line === undefined || isOfEarlierVisit(request)) return;
    const position = { lineNumber: line, column: column ?? 1 };
    editor.setPosition(position);
    editor.revealPositionInCenter(position);
    editor.focus();
  }, [editor, line, column, request]);

  return (
    <div className="editor">
      <Breadcrumbs path={path} line={cursorLine}>
        {MARKDOWN.test(path) && editor !== null ? (
          <button
            type="button"
            className="crumb-outline"
            aria-pressed={preview !== null}
            onClick={() => setPreview(preview === null ? (editor.getModel()?.getValue() ?? '') : null)}
          >
            {t(preview === null ? 'editor.preview' : 'editor.text')}
          </button>
        ) : null}
      </Breadcrumbs>
      {state?.locked === true ? (
        <p className="editor-bar">
          <Lock size={13} aria-hidden />
          {t('editor.readOnly')}
        </p>
      ) : null}
      {state?.conflict === true ? (
        <div className="editor-bar editor-bar-warning" role="alert">
          <span>{t('editor.conflict')}</span>
          <Button onClick={() => run(() => reloadDocument(path))}>{t('editor.takeDisk')}</Button>
          <Button onClick={() => run(() => saveDocument(path, true))}>{t('editor.keepMine')}</Button>
        </div>
      ) : null}
      {state?.sha256 === null ? (
        <p className="editor-bar editor-bar-warning" role="alert">
          {t('editor.gone')}
        </p>
      ) : null}
      {error === null ? null : (
        <div className="panel-pad">
          <ErrorNote error={error} />
        </div>
      )}
      {editor === null && error === null && !headShown ? (
        <div className="panel-wait">
          <Spinner label={t('ui.loading')} />
        </div>
      ) : null}
      {headShown ? (
        <p className="editor-bar">
          <Spinner label={t('editor.head')} />
          <span aria-hidden>{t('editor.head')}</span>
        </p>
      ) : null}
      {state?.large === true ? <p className="editor-bar">{t('editor.large')}</p> : null}
      {preview === null ? null : (
        <Suspense fallback={<Spinner label={t('ui.loading')} />}>
          <MarkdownPreview text={preview} />
        </Suspense>
      )}
      {/* Monaco's colours hold for its own menu too, which lies beside the editor */}
      <div ref={host} className="editor-host monaco-component" hidden={preview !== null} />
    </div>
  );
}
