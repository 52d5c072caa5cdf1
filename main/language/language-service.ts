// Answers the page's questions about code from the syntax index of each workspace. Runs in the language worker.
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type {
  CodeCompletion,
  CodeContext,
  CodeInstance,
  CodePlace,
  CodeReference,
  CodeSignature,
  DesignPlace,
  HierarchyNode,
  InsertionFault,
  OutlineSymbol,
  StateName,
  SymbolKind,
  SyntaxProblem,
} from '@genrtl/contracts/language.ts';
import { Breath } from './breath.ts';
import { complete, partsOf } from './completion.ts';
import { readBefore } from './cursor.ts';
import type { Before } from './cursor.ts';
import { describeInstance } from './instance-ports.ts';
import { Hierarchy } from './hierarchy.ts';
import { includedFile } from './included-file.ts';
import { judgeInsertion } from './judge-insertion.ts';
import { find, locate } from './locate.ts';
import { DESIGN_UNITS } from './model.ts';
import type { Declaration, Occurrence, SourceSyntax } from './model.ts';
import { placeContext } from './place-context.ts';
import { isVhdl } from './read-source.ts';
import { renameable, renameEdits } from './rename.ts';
import type { RenameEdits } from './rename.ts';
import { placeOf, Resolver, sameTarget } from './resolve.ts';
import type { Target } from './resolve.ts';
import { stateNames } from './state-names.ts';
import { signatureOf } from './signature.ts';
import { syntaxProblems } from './syntax-problems.ts';
import { SyntaxIndex } from './syntax-index.ts';
import { indentVerilog } from './verilog/indent.ts';
import { verilogFaults } from './verilog/syntax.ts';
import { readVhdlBefore } from './vhdl/cursor.ts';

const MAX_REFERENCES = 2000;
const MAX_SYMBOLS = 500;
const MAX_COMPLETIONS = 1000;
/** What a workspace is searched for first; then what these declare. */
const UNITS: ReadonlySet<SymbolKind> = new Set([
  ...DESIGN_UNITS,
  'package',
  'class',
  'architecture',
  'configuration',
  'context',
]);
const LISTED: ReadonlySet<SymbolKind> = new Set([
  ...UNITS,
  'function',
  'task',
  'type',
  'macro',
  'instance',
  'parameter',
  'localparam',
  'constant',
  'property',
  'sequence',
  'covergroup',
]);

export interface Position {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** A declaration as the page sees it: inside the nearest declaration around it. */
function symbolOf(declaration: Declaration, syntax: SourceSyntax): OutlineSymbol {
  const { name, kind, detail, line, column, end_column, first_line, last_line } = declaration;
  let parent: number | null = null;
  for (let scope = declaration.scope; scope > 0 && parent === null; scope = syntax.scopes[scope]?.parent ?? -1)
    parent = syntax.scopes[scope]?.owner ?? null;
  return { name, kind, detail, line, column, end_column, first_line, last_line, parent };
}

/**
 * Workspaces whose names are kept in memory: those of two windows, the other one as long as it was asked about lately.
 * Others are read again when they are asked about.
 */
const KEPT_INDEXES = 2;
const KEPT_MS = 5 * 60_000;

export class LanguageService {
  readonly #indexes = new Map<string, SyntaxIndex>();
  readonly #usedAt = new Map<string, number>();
  /** grows with every edit of an open document */
  #edits = 0;

  #index(workspace: string): SyntaxIndex {
    const index = this.#indexes.get(workspace) ?? new SyntaxIndex(workspace);
    // the one used last stands last
    this.#indexes.delete(workspace);
    this.#indexes.set(workspace, index);
    const now = performance.now();
    this.#usedAt.set(workspace, now);
    for (const [other, { holdsUnsaved }] of this.#indexes) {
      const left = this.#indexes.size > KEPT_INDEXES || now - (this.#usedAt.get(other) ?? 0) > KEPT_MS;
      if (other === workspace || holdsUnsaved || !left) continue;
      this.#indexes.delete(other);
      this.#usedAt.delete(other);
    }
    return index;
  }

  /** Ends with the next edit. */
  #breath(): Breath {
    const edits = this.#edits;
    return new Breath(() => this.#edits !== edits);
  }

  async changed(workspace: string): Promise<void> {
    this.#indexes.get(workspace)?.invalidate();
  }

  async update(workspace: string, path: string, text: string | null): Promise<void> {
    this.#edits += 1;
    await this.#index(workspace).setOverlay(path, text);
  }

  async outline(
    workspace: string,
    path: string,
  ): Promise<{ symbols: OutlineSymbol[]; folds: [number, number][]; problems: SyntaxProblem[] }> {
    const index = this.#index(workspace);
    await index.readyFor(path);
    const syntax = index.file(path)?.syntax;
    const problems = await syntaxProblems(index, path);
    return syntax === undefined
      ? { symbols: [], folds: [], problems }
      : {
          symbols: syntax.declarations.map((declaration) => symbolOf(declaration, syntax)),
          folds: syntax.folds.map(([first, last]) => [first, last]),
          problems,
        };
  }

  async definition(workspace: string, at: Position): Promise<CodePlace[]> {
    const { index, occurrence, target } = await this.#at(workspace, at);
    if (target !== null) return [placeOf(target)];
    const included = occurrence === null ? await includedFile(index, at) : null;
    return included === null ? [] : [{ path: included, line: 1, column: 1, end_column: 1 }];
  }

  /** The definition with the name that was asked for. */
  async named(workspace: string, at: Position): Promise<{ places: CodePlace[]; name: string | null }> {
    const { target, occurrence } = await this.#at(workspace, at);
    return { places: target === null ? [] : [placeOf(target)], name: occurrence?.name ?? null };
  }

  async locate(workspace: string, names: readonly (readonly string[])[]): Promise<(DesignPlace | null)[]> {
    const index = this.#index(workspace);
    await index.ready();
    const resolver = new Resolver(index);
    const breath = this.#breath();
    const found: (DesignPlace | null)[] = [];
    for (const one of names) {
      await breath.take();
      found.push(locate(index, resolver, one));
    }
    return found;
  }

  async stateNames(workspace: string, names: readonly (readonly string[])[]): Promise<(StateName[] | null)[]> {
    const index = this.#index(workspace);
    await index.ready();
    const resolver = new Resolver(index);
    const breath = this.#breath();
    const found: (StateName[] | null)[] = [];
    for (const one of names) {
      await breath.take();
      const target = find(index, resolver, one)?.target ?? null;
      const sources = { resolver, text: (path: string) => index.text(path) };
      found.push(target === null ? null : await stateNames(sources, target));
    }
    return found;
  }

  async hover(workspace: string, at: Position): Promise<{ code: string | null; place: CodePlace | null }> {
    const { resolver, target } = await this.#at(workspace, at);
    return target === null
      ? { code: null, place: null }
      : { code: described(resolver, target), place: placeOf(target) };
  }

  /** Every occurrence in the workspace that means the same declaration. */
  async references(
    workspace: string,
    at: Position,
  ): Promise<{ name: string; references: CodeReference[]; truncated: boolean }> {
    const { index, resolver, target, occurrence } = await this.#at(workspace, at);
    if (target === null || occurrence === null)
      return { name: occurrence?.name ?? '', references: [], truncated: false };
    const { name } = target.declaration;
    const vhdl = isVhdl(target.path);
    const references: CodeReference[] = [];
    const breath = this.#breath();
    for (const path of index.filesWith(name, vhdl).sort()) {
      await breath.take();
      let lines: string[] | null = null;
      for (const other of await index.occurrences(path)) {
        if (!index.sameName(path, other.name, name, vhdl)) continue;
        const means = resolver.occurrence(path, other);
        const signal = resolver.implicitSignal(path, other);
        if (!(means !== null && sameTarget(means, target)) && !(signal !== null && sameTarget(signal, target)))
          continue;
        if (references.length === MAX_REFERENCES) return { name, references, truncated: true };
        lines ??= ((await index.text(path)) ?? '').split('\n');
        references.push({
          path,
          line: other.line,
          column: other.column,
          end_column: other.end_column,
          text: (lines[other.line - 1] ?? '').slice(0, 400),
        });
      }
    }
    return { name, references, truncated: false };
  }

  async completion(workspace: string, at: Position): Promise<CodeCompletion[]> {
    const { index, resolver, text, offset } = await this.#cursor(workspace, at);
    return complete({
      lookup: index,
      resolver,
      globals: index.globals(),
      path: at.path,
      offset,
      before: beforeCursor(at.path, text, offset),
    }).slice(0, MAX_COMPLETIONS);
  }

  async signature(workspace: string, at: Position): Promise<CodeSignature | null> {
    const { resolver, text, offset } = await this.#cursor(workspace, at);
    const { call } = beforeCursor(at.path, text, offset);
    return call === null ? null : signatureOf(resolver, at.path, offset, call);
  }

  async instance(workspace: string, at: Position): Promise<CodeInstance | null> {
    const { index, resolver, text, offset } = await this.#cursor(workspace, at);
    return isVhdl(at.path) ? null : describeInstance(index, resolver, { path: at.path, text, offset });
  }

  async judgeInsertion(workspace: string, at: Position, inserted: string): Promise<InsertionFault | null> {
    const { resolver, text, offset } = await this.#cursor(workspace, at);
    return judgeInsertion(resolver, { path: at.path, text, offset, inserted });
  }

  async context(workspace: string, at: Position): Promise<CodeContext[]> {
    const { index, resolver, offset } = await this.#cursor(workspace, at);
    return placeContext(index, resolver, { path: at.path, offset }, (target) => described(resolver, target));
  }

  async symbols(workspace: string, query: string): Promise<(OutlineSymbol & { path: string })[]> {
    const index = this.#index(workspace);
    await index.ready();
    const wanted = query.toLowerCase();
    const found: { readonly rank: number; readonly target: Target }[] = [];
    const breath = this.#breath();
    for (const path of index.files()) {
      await breath.take();
      for (const declaration of index.file(path)?.syntax.declarations ?? []) {
        const unit = declaration.scope === 0 && UNITS.has(declaration.kind);
        // without words to look for only the units
        if (!unit && (wanted === '' || !LISTED.has(declaration.kind))) continue;
        const at = declaration.name.toLowerCase().indexOf(wanted);
        if (at !== -1)
          found.push({
            rank: (unit ? 0 : 2) + (at === 0 ? 0 : 1),
            target: { path, declaration },
          });
      }
    }
    return found
      .sort(
        (a, b) =>
          a.rank - b.rank ||
          a.target.declaration.name.localeCompare(b.target.declaration.name) ||
          a.target.path.localeCompare(b.target.path),
      )
      .slice(0, MAX_SYMBOLS)
      .flatMap(({ target: { path, declaration } }) => {
        const syntax = index.file(path)?.syntax;
        return syntax === undefined ? [] : [{ ...symbolOf(declaration, syntax), path }];
      });
  }

  async hierarchy(
    workspace: string,
    unit: string | null,
    blocks: readonly string[],
    above: readonly string[],
  ): Promise<HierarchyNode[]> {
    const index = this.#index(workspace);
    await index.ready();
    const hierarchy = new Hierarchy(index, new Resolver(index));
    return unit === null ? hierarchy.tops() : hierarchy.children(unit, blocks, above);
  }

  async hierarchyPath(workspace: string, unit: string): Promise<HierarchyNode[]> {
    const index = this.#index(workspace);
    await index.ready();
    return new Hierarchy(index, new Resolver(index)).path(unit);
  }

  /** The name at a place that can be renamed. Throws REQUEST_INVALID. */
  async renameAt(workspace: string, at: Position): Promise<{ name: string; place: CodePlace }> {
    const { target, occurrence } = await this.#at(workspace, at);
    const { declaration } = renameable(target, occurrence);
    return {
      name: declaration.name,
      place: {
        path: at.path,
        line: occurrence?.line ?? at.line,
        column: occurrence?.column ?? at.column,
        end_column: occurrence?.end_column ?? at.column,
      },
    };
  }

  /** The edits of a rename; nothing is written. Throws REQUEST_INVALID. */
  async rename(workspace: string, at: Position, name: string): Promise<RenameEdits> {
    const { index, resolver, target, occurrence } = await this.#at(workspace, at);
    return renameEdits(index, resolver, renameable(target, occurrence), name, this.#breath());
  }

  /** The text with its lines indented by `unit`. Throws REQUEST_INVALID when its blocks and brackets do not fit. */
  async indent(path: string, text: string, unit: string): Promise<string> {
    const fault = verilogFaults(path, text).find(({ code }) => code === 'unclosed' || code === 'unopened');
    if (fault !== undefined) {
      const line = text.slice(0, fault.start).split('\n').length;
      throw new GenrtlError(
        'REQUEST_INVALID',
        `Nothing was formatted: "${fault.name}" in line ${line} has no other half.`,
        {
          hint: 'Mend this first.',
        },
      );
    }
    return indentVerilog(path, text, unit);
  }

  async #cursor(
    workspace: string,
    { path, line, column }: Position,
  ): Promise<{ index: SyntaxIndex; resolver: Resolver; text: string; offset: number }> {
    const index = this.#index(workspace);
    await index.ready();
    const text = (await index.text(path)) ?? '';
    return { index, resolver: new Resolver(index), text, offset: offsetOf(text, line, column) };
  }

  async #at(
    workspace: string,
    { path, line, column }: Position,
  ): Promise<{ index: SyntaxIndex; resolver: Resolver; occurrence: Occurrence | null; target: Target | null }> {
    const index = this.#index(workspace);
    await index.ready();
    const resolver = new Resolver(index);
    const list = await index.occurrences(path);
    const occurrence =
      list.find((one) => one.line === line && one.column <= column && column <= one.end_column) ?? null;
    return { index, resolver, occurrence, target: occurrence === null ? null : resolver.occurrence(path, occurrence) };
  }
}

const beforeCursor = (path: string, text: string, offset: number): Before =>
  (isVhdl(path) ? readVhdlBefore : readBefore)(text, offset);

function described(resolver: Resolver, target: Target): string {
  const { declaration } = target;
  if (!DESIGN_UNITS.has(declaration.kind))
    return declaration.kind === 'instance' ? `${declaration.detail}(…)` : declaration.detail;
  const list = (parts: readonly Declaration[]): string => parts.map((part) => `  ${part.detail}`).join(',\n');
  const parameters = partsOf(resolver, target, ['parameter']);
  const ports = partsOf(resolver, target, ['port']);
  if (isVhdl(target.path)) {
    const clause = (name: string, parts: readonly Declaration[]): string =>
      parts.length === 0 ? '' : `  ${name} (\n${parts.map((part) => `    ${part.detail}`).join(';\n')}\n  );\n`;
    return `${declaration.kind} ${declaration.name} is\n${clause('generic', parameters)}${clause('port', ports)}end;`;
  }
  const word = declaration.kind === 'udp' ? 'primitive' : declaration.kind;
  return `${word} ${declaration.name}${parameters.length === 0 ? '' : ` #(\n${list(parameters)}\n)`}${ports.length === 0 ? '' : ` (\n${list(ports)}\n)`};`;
}

function offsetOf(text: string, line: number, column: number): number {
  let at = 0;
  for (let row = 1; row < line; row += 1) {
    const next = text.indexOf('\n', at);
    if (next === -1) return text.length;
    at = next + 1;
  }
  return Math.min(text.length, at + column - 1);
}
