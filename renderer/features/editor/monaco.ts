// Monaco with what an RTL editor needs and no more; everything that imports this module is loaded on demand.
import * as monaco from 'monaco-editor/editor/editor.api.js';
import 'monaco-editor/features/anchorSelect/register.js';
import 'monaco-editor/features/bracketMatching/register.js';
import 'monaco-editor/features/caretOperations/register.js';
import 'monaco-editor/features/clipboard/register.js';
import 'monaco-editor/features/codeAction/register.js';
import 'monaco-editor/features/comment/register.js';
import 'monaco-editor/features/contextmenu/register.js';
import 'monaco-editor/features/cursorUndo/register.js';
import 'monaco-editor/features/diffEditor/register.js';
import 'monaco-editor/features/dnd/register.js';
import 'monaco-editor/features/documentSymbols/register.js';
import 'monaco-editor/features/find/register.js';
import 'monaco-editor/features/folding/register.js';
import 'monaco-editor/features/fontZoom/register.js';
import 'monaco-editor/features/format/register.js';
import 'monaco-editor/features/gotoError/register.js';
import 'monaco-editor/features/gotoLine/register.js';
import 'monaco-editor/features/gotoSymbol/register.js';
import 'monaco-editor/features/hover/register.js';
import 'monaco-editor/features/indentation/register.js';
import 'monaco-editor/features/inlineCompletions/register.js';
import 'monaco-editor/features/lineSelection/register.js';
import 'monaco-editor/features/linesOperations/register.js';
import 'monaco-editor/features/links/register.js';
import 'monaco-editor/features/multicursor/register.js';
import 'monaco-editor/features/parameterHints/register.js';
import 'monaco-editor/features/quickCommand/register.js';
import 'monaco-editor/features/quickOutline/register.js';
import 'monaco-editor/features/referenceSearch/register.js';
import 'monaco-editor/features/rename/register.js';
import 'monaco-editor/features/smartSelect/register.js';
import 'monaco-editor/features/snippet/register.js';
import 'monaco-editor/features/stickyScroll/register.js';
// the feature's own entry registers the inline preview only, the list of suggestions stands here
import 'monaco-editor/editor/contrib/suggest/browser/suggestController.js';
import 'monaco-editor/features/suggest/register.js';
import 'monaco-editor/features/wordHighlighter/register.js';
import 'monaco-editor/features/wordOperations/register.js';
import 'monaco-editor/languages/definitions/markdown/register.js';
import 'monaco-editor/languages/definitions/systemverilog/register.js';
import 'monaco-editor/languages/definitions/tcl/register.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import { monoFont, onLateMonoFont } from '@genrtl/ui/mono-font.ts';
import { registerVhdl } from './vhdl-language.ts';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

registerVhdl(monaco.languages);
onLateMonoFont(() => monaco.editor.remeasureFonts());

// Monaco lets go of promises that it cancels itself; whatever else is rejected stays an error of the page.
window.addEventListener('unhandledrejection', (event) => {
  if (event.reason instanceof Error && event.reason.name === 'Canceled') event.preventDefault();
});

// In a page Monaco names Ctrl+F12 first, which leaves the page in some browsers; F12 works as well and is what is
// shown.
monaco.editor.addKeybindingRules([
  { keybinding: monaco.KeyCode.F12, command: 'editor.action.revealDefinition', when: 'editorHasDefinitionProvider' },
  // on Linux Monaco has Ctrl+Shift+I, with which browsers open their tools
  {
    keybinding: monaco.KeyMod.Shift | monaco.KeyMod.Alt | monaco.KeyCode.KeyF,
    command: 'editor.action.formatDocument',
    when: 'editorHasDocumentFormattingProvider && editorTextFocus',
  },
]);

// its widgets and menus in the colours of ui/theme.css, which Monaco wants as numbers
monaco.editor.defineTheme('genrtl-dark', {
  base: 'vs-dark',
  inherit: true,
  rules: [{ token: 'comment', foreground: '7f8a99' }],
  colors: {
    'editor.background': '#12161c',
    'editorGutter.background': '#12161c',
    'editor.lineHighlightBackground': '#1a2029',
    'editorLineNumber.foreground': '#5d6877',
    'editorLineNumber.activeForeground': '#aab4c2',
    'editorWidget.background': '#1a2029',
    'editorWidget.border': '#39424f',
    'menu.background': '#1a2029',
    'menu.foreground': '#d9dfe8',
    'menu.selectionBackground': '#1d3350',
    'menu.selectionForeground': '#f2f5f9',
    'menu.separatorBackground': '#262d38',
    'menu.border': '#39424f',
    'input.background': '#12161c',
    'input.border': '#39424f',
    focusBorder: '#6cabff',
    'editorStickyScroll.background': '#161b22',
    'diffEditor.insertedTextBackground': '#2ea04333',
    'diffEditor.removedTextBackground': '#f8514933',
  },
});
monaco.editor.defineTheme('genrtl-light', {
  base: 'vs',
  inherit: true,
  rules: [{ token: 'comment', foreground: '5c6675' }],
  colors: {
    'editor.background': '#ffffff',
    'editor.lineHighlightBackground': '#f3f5f8',
    'editorLineNumber.foreground': '#8a94a3',
    'editorWidget.background': '#f5f6f9',
    'editorWidget.border': '#bcc4d0',
    'menu.background': '#f5f6f9',
    'menu.foreground': '#26303d',
    'menu.selectionBackground': '#d6e6fd',
    'menu.selectionForeground': '#101722',
    'menu.separatorBackground': '#dde1e8',
    'menu.border': '#bcc4d0',
    'input.background': '#ffffff',
    'input.border': '#bcc4d0',
    focusBorder: '#1a5fc4',
  },
});

const LANGUAGES: readonly (readonly [RegExp, string])[] = [
  [/\.(sv|svh)$/i, 'systemverilog'],
  [/\.(v|vh)$/i, 'verilog'],
  [/\.(vhd|vhdl)$/i, 'vhdl'],
  [/\.(tcl|sdc|xdc|do)$/i, 'tcl'],
  [/\.(md|markdown)$/i, 'markdown'],
];

export const languageOf = (path: string): string =>
  LANGUAGES.find(([pattern]) => pattern.test(path))?.[1] ?? 'plaintext';

/** Options that every editor shares; section headers would read `//---` comments as headings. */
export const EDITOR_OPTIONS: monaco.editor.IEditorOptions & monaco.editor.IGlobalEditorOptions = {
  automaticLayout: true,
  fontSize: 13,
  fontFamily: monoFont(),
  minimap: { enabled: false, showRegionSectionHeaders: false },
  scrollBeyondLastLine: false,
  renderWhitespace: 'selection',
  wordWrap: 'off',
  fixedOverflowWidgets: true,
  stickyScroll: { enabled: true },
  occurrencesHighlight: 'off',
  padding: { top: 6 },
  inlineSuggest: { enabled: true, minShowDelay: 80, showToolbar: 'never' },
};

/** What a netlist of many megabytes cannot bear, and nobody misses in it. */
export const LARGE_FILE_OPTIONS: monaco.editor.IEditorOptions & monaco.editor.IGlobalEditorOptions = {
  folding: false,
  links: false,
  stickyScroll: { enabled: false },
  matchBrackets: 'never',
  selectionHighlight: false,
  occurrencesHighlight: 'off',
  quickSuggestions: false,
  wordBasedSuggestions: 'off',
  guides: { indentation: false },
  renderWhitespace: 'none',
};

/**
 * A model without colours by depth of brackets, for which Monaco parses the text as a whole before it draws the first
 * line.
 */
export function createLargeModel(source: string, language: string, uri?: monaco.Uri): monaco.editor.ITextModel {
  const model = monaco.editor.createModel(source, language, uri);
  model.updateOptions({ bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false } });
  return model;
}

/**
 * Gives an editor (with LARGE_FILE_OPTIONS) a large file, whose view takes the model's lines as they are: making lines
 * of its own for 5 MB takes a quarter of a second. Monaco's view asks the model once, when it is made, whether it is
 * too large (viewModelImpl.js), and from 20 MB on the model says so; it then has no colours either. Here only the view
 * is told. What needs lines of the view's own, wrapping and folding, is off in such files.
 */
export function showLargeFile(editor: monaco.editor.IStandaloneCodeEditor, model: monaco.editor.ITextModel): void {
  const told = model as object as { isTooLargeForTokenization?: () => boolean };
  told.isTooLargeForTokenization = () => true;
  try {
    editor.setModel(model);
  } finally {
    // the method of its class answers again
    delete told.isTooLargeForTokenization;
  }
}

export { monaco };
