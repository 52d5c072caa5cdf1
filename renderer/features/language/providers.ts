// Monaco's language features over main's syntax index: symbols, definitions, hover, completion, folding. Registered
// once.
import type { CodePlace, SymbolKind } from '@genrtl/contracts/language.ts';
import i18next from 'i18next';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { showError } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { acquireDocument, pathOf, releaseDocument, saveDocument, uriOf } from '../editor/documents.ts';
import type { TextModel } from '../editor/documents.ts';
import { monaco } from '../editor/monaco.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { registerCodeActions } from './code-actions.ts';
import { settleDocument, settleOutline } from './document-sync.ts';
import { registerFormatting } from './formatting.ts';
import { rename } from './rename.ts';
import { EMPTY_OUTLINE } from './outline.ts';
import { useOutlines } from './outline-store.ts';
import { unlessVoid } from './void-answer.ts';

/**
 * Files of the workspace alone: main knows nothing of other models, such as the first lines of a file that is still on
 * its way.
 */
const RTL_FILES = ['systemverilog', 'verilog', 'vhdl'].map((language) => ({ language, scheme: 'workspace' }));
const K = monaco.languages.SymbolKind;
const C = monaco.languages.CompletionItemKind;

const SYMBOL_KINDS: Readonly<Record<SymbolKind, number>> = {
  module: K.Module,
  interface: K.Interface,
  program: K.Module,
  package: K.Package,
  class: K.Class,
  function: K.Function,
  task: K.Method,
  block: K.Namespace,
  port: K.Field,
  parameter: K.Constant,
  localparam: K.Constant,
  net: K.Variable,
  variable: K.Variable,
  type: K.Struct,
  enumerator: K.EnumMember,
  field: K.Field,
  argument: K.Variable,
  genvar: K.Variable,
  instance: K.Object,
  modport: K.Interface,
  macro: K.Constant,
  udp: K.Module,
  checker: K.Module,
  property: K.Property,
  sequence: K.Property,
  covergroup: K.Class,
  clocking: K.Event,
  constraint: K.Boolean,
  entity: K.Module,
  architecture: K.Namespace,
  configuration: K.Package,
  context: K.Package,
  component: K.Interface,
  process: K.Namespace,
  signal: K.Variable,
  constant: K.Constant,
  alias: K.Variable,
};
const COMPLETION_KINDS: Readonly<Partial<Record<SymbolKind, number>>> = {
  module: C.Module,
  interface: C.Interface,
  package: C.Module,
  class: C.Class,
  function: C.Function,
  task: C.Method,
  port: C.Field,
  parameter: C.Constant,
  localparam: C.Constant,
  type: C.Struct,
  enumerator: C.EnumMember,
  macro: C.Constant,
  udp: C.Module,
  checker: C.Module,
  entity: C.Module,
  component: C.Interface,
  constant: C.Constant,
  field: C.Field,
};

type Position = InstanceType<typeof monaco.Position>;

async function asked(
  model: TextModel,
  position: Position,
): Promise<{ workspace: string; path: string; line: number; column: number }> {
  const path = pathOf(model);
  await settleDocument(path);
  return {
    workspace: useWorkspace.getState().view?.path ?? '',
    path,
    line: position.lineNumber,
    column: position.column,
  };
}

const rangeOf = (place: CodePlace): InstanceType<typeof monaco.Range> =>
  new monaco.Range(place.line, place.column, place.line, place.end_column);

/** Models that a definition points to must exist while Monaco previews them; the last few are kept. */
const previewed: string[] = [];
const MAX_PREVIEWED = 6;
async function preview(path: string): Promise<void> {
  if (previewed.includes(path)) return;
  await acquireDocument(path, () => undefined);
  previewed.push(path);
  const oldest = previewed.length > MAX_PREVIEWED ? previewed.shift() : undefined;
  if (oldest !== undefined) releaseDocument(oldest);
}

let registered = false;

export function registerLanguageFeatures(): void {
  if (registered) return;
  registered = true;
  const { languages } = monaco;

  languages.registerDocumentSymbolProvider(RTL_FILES, {
    displayName: 'genRTL',
    provideDocumentSymbols: async (model) => {
      await settleOutline(pathOf(model));
      const { symbols } = useOutlines.getState().outlines[pathOf(model)] ?? EMPTY_OUTLINE;
      const made = symbols.map((symbol) => ({
        name: symbol.name,
        detail: symbol.detail,
        kind: SYMBOL_KINDS[symbol.kind],
        tags: [],
        children: [] as monaco.languages.DocumentSymbol[],
        range: new monaco.Range(
          symbol.first_line,
          1,
          symbol.last_line,
          model.getLineMaxColumn(Math.min(symbol.last_line, model.getLineCount())),
        ),
        selectionRange: new monaco.Range(symbol.line, symbol.column, symbol.line, symbol.end_column),
      }));
      for (const [at, symbol] of symbols.entries()) {
        const child = made[at];
        if (symbol.parent !== null && child !== undefined) made[symbol.parent]?.children.push(child);
      }
      return made.filter((_, at) => symbols[at]?.parent === null);
    },
  });
  languages.registerDefinitionProvider(RTL_FILES, {
    provideDefinition: async (model, position) => {
      const { places } = await unlessVoid(bridge.call('language.definition', await asked(model, position)), {
        places: [],
        name: null,
      });
      for (const place of places) await preview(place.path);
      return places.map((place) => ({ uri: uriOf(place.path), range: rangeOf(place) }));
    },
  });
  languages.registerHoverProvider(RTL_FILES, {
    provideHover: async (model, position) => {
      const { code, place } = await unlessVoid(bridge.call('language.hover', await asked(model, position)), {
        code: null,
        place: null,
      });
      if (code === null) return null;
      const where =
        place === null || place.path === pathOf(model) ? [] : [{ value: `\`${place.path}:${place.line}\`` }];
      const language = place !== null && /\.vhdl?$/i.test(place.path) ? 'vhdl' : 'systemverilog';
      return { contents: [{ value: `\`\`\`${language}\n${code}\n\`\`\`` }, ...where] };
    },
  });
  languages.registerCompletionItemProvider(RTL_FILES, {
    triggerCharacters: ['.', '`', ':'],
    provideCompletionItems: async (model, position, context) => {
      // a single colon begins no scope
      if (
        context.triggerCharacter === ':' &&
        !model
          .getLineContent(position.lineNumber)
          .slice(0, position.column - 1)
          .endsWith('::')
      )
        return { suggestions: [] };
      const { items } = await unlessVoid(bridge.call('language.completion', await asked(model, position)), {
        items: [],
      });
      const word = model.getWordUntilPosition(position);
      const range = new monaco.Range(position.lineNumber, word.startColumn, position.lineNumber, position.column);
      return {
        suggestions: items.map((item) => ({
          label: item.label,
          detail: item.detail,
          kind: COMPLETION_KINDS[item.kind] ?? C.Variable,
          insertText: item.insert,
          range,
          insertTextRules: monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet,
        })),
      };
    },
  });
  languages.registerSignatureHelpProvider(RTL_FILES, {
    signatureHelpTriggerCharacters: ['(', ',', '.'],
    signatureHelpRetriggerCharacters: [')', '>'],
    provideSignatureHelp: async (model, position) => {
      const { signature } = await unlessVoid(bridge.call('language.signature', await asked(model, position)), {
        signature: null,
      });
      if (signature === null || signature.items.length === 0) return null;
      const missing = signature.items.filter(({ given }) => !given).map(({ name }) => name);
      let label = `${signature.name} ${signature.part === 'parameters' ? '#' : ''}(`;
      const parameters = signature.items.map(({ name, detail }, at) => {
        if (at > 0) label += ', ';
        const start = label.length;
        label += name;
        return { label: [start, label.length] as [number, number], documentation: detail };
      });
      label += ')';
      return {
        value: {
          signatures: [
            {
              label,
              parameters,
              documentation:
                missing.length === 0
                  ? i18next.t('signature.complete')
                  : i18next.t('signature.missing', { names: missing.join(', ') }),
            },
          ],
          activeSignature: 0,
          activeParameter: signature.active ?? parameters.length,
        },
        dispose: () => undefined,
      };
    },
  });
  languages.registerRenameProvider(RTL_FILES, {
    resolveRenameLocation: async (model, position) => {
      try {
        const { name, place } = await bridge.call('language.rename_at', await asked(model, position));
        return { range: rangeOf(place), text: name };
      } catch (error) {
        return { range: new monaco.Range(1, 1, 1, 1), text: '', rejectReason: errorBody(error).message };
      }
    },
    // main changes the files, and the editors follow the disk
    provideRenameEdits: async (model, position, name) => {
      await rename(await asked(model, position), name, saveDocument).catch(showError);
      return { edits: [] };
    },
  });
  languages.registerFoldingRangeProvider(RTL_FILES, {
    provideFoldingRanges: async (model) => {
      await settleOutline(pathOf(model));
      const { folds } = useOutlines.getState().outlines[pathOf(model)] ?? EMPTY_OUTLINE;
      return folds.map(([start, end]) => ({ start, end }));
    },
  });
  registerFormatting(RTL_FILES.filter(({ language }) => language !== 'vhdl'));
  registerCodeActions(RTL_FILES);
  // Other files open in the dock, not inside the editor that was asked.
  monaco.editor.registerEditorOpener({
    openCodeEditor: (_source, resource, target) => {
      if (resource.scheme !== 'workspace') return false;
      const at =
        target === undefined
          ? null
          : 'startLineNumber' in target
            ? { line: target.startLineNumber, column: target.startColumn }
            : { line: target.lineNumber, column: target.column };
      openFile(resource.path.slice(1), at ?? {});
      return true;
    },
  });
}
