// Answers the page's questions about code from the syntax index of each workspace. Runs in the language worker.
import type { CodeCompletion, CodePlace, CodeReference, OutlineSymbol } from '@genrtl/contracts';
import { complete, partsOf } from './completion.ts';
import type { Declaration } from './declarations.ts';
import type { Occurrence } from './occurrences.ts';
import { placeOf, resolveOccurrence, sameTarget } from './resolve.ts';
import type { Target } from './resolve.ts';
import { SyntaxIndex } from './syntax-index.ts';

const MAX_REFERENCES = 2000;
const MAX_SYMBOLS = 500;
const MAX_COMPLETIONS = 1000;

export interface Position {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

function symbol({ start: _start, end: _end, of: _of, ...rest }: Declaration): OutlineSymbol {
  return rest;
}

export class LanguageService {
  readonly #indexes = new Map<string, SyntaxIndex>();

  #index(workspace: string): SyntaxIndex {
    const present = this.#indexes.get(workspace);
    if (present !== undefined) return present;
    const made = new SyntaxIndex(workspace);
    this.#indexes.set(workspace, made);
    return made;
  }

  async changed(workspace: string): Promise<void> {
    this.#indexes.get(workspace)?.invalidate();
  }

  async update(workspace: string, path: string, text: string | null): Promise<void> {
    await this.#index(workspace).setOverlay(path, text);
  }

  async outline(workspace: string, path: string): Promise<{ symbols: OutlineSymbol[]; folds: [number, number][] }> {
    const index = this.#index(workspace);
    await index.readyFor(path);
    const file = index.file(path);
    return { symbols: file?.declarations.map(symbol) ?? [], folds: file === undefined ? [] : [...file.folds] };
  }

  async definition(workspace: string, at: Position): Promise<CodePlace[]> {
    const { target } = await this.#at(workspace, at);
    return target === null ? [] : [placeOf(target)];
  }

  async hover(workspace: string, at: Position): Promise<{ code: string | null; place: CodePlace | null }> {
    const { index, target } = await this.#at(workspace, at);
    return target === null ? { code: null, place: null } : { code: described(index, target), place: placeOf(target) };
  }

  /** Every occurrence in the workspace that means the same declaration. */
  async references(
    workspace: string,
    at: Position,
  ): Promise<{ name: string; references: CodeReference[]; truncated: boolean }> {
    const { index, target, occurrence } = await this.#at(workspace, at);
    if (target === null || occurrence === null)
      return { name: occurrence?.name ?? '', references: [], truncated: false };
    const references: CodeReference[] = [];
    for (const path of index.filesWith(occurrence.name).sort()) {
      const list = (await index.occurrences(path)).filter((other) => other.name === occurrence.name);
      if (list.length === 0) continue;
      const lines = ((await index.text(path)) ?? '').split('\n');
      for (const other of list) {
        const means = declarationAt(index, path, other) ?? resolveOccurrence(index, path, other);
        if (means === null || !sameTarget(means, target)) continue;
        if (references.length === MAX_REFERENCES) return { name: occurrence.name, references, truncated: true };
        references.push({
          path,
          line: other.line,
          column: other.column,
          end_column: other.end_column,
          text: (lines[other.line - 1] ?? '').slice(0, 400),
        });
      }
    }
    return { name: occurrence.name, references, truncated: false };
  }

  async completion(workspace: string, { path, line, column }: Position): Promise<CodeCompletion[]> {
    const index = this.#index(workspace);
    await index.ready();
    const text = (await index.text(path)) ?? '';
    return complete({
      lookup: index,
      globals: index.globals(),
      path,
      before: text.slice(0, offsetOf(text, line, column)),
    }).slice(0, MAX_COMPLETIONS);
  }

  async symbols(workspace: string, query: string): Promise<(OutlineSymbol & { path: string })[]> {
    const index = this.#index(workspace);
    await index.ready();
    const wanted = query.toLowerCase();
    return [...index.globals()]
      .flat()
      .filter(
        ({ declaration }) =>
          ['module', 'interface', 'package', 'class', 'program'].includes(declaration.kind) &&
          declaration.name.toLowerCase().includes(wanted),
      )
      .sort((a, b) => a.declaration.name.localeCompare(b.declaration.name))
      .slice(0, MAX_SYMBOLS)
      .map(({ path, declaration }) => ({ ...symbol(declaration), path }));
  }

  async #at(
    workspace: string,
    { path, line, column }: Position,
  ): Promise<{ index: SyntaxIndex; occurrence: Occurrence | null; target: Target | null }> {
    const index = this.#index(workspace);
    await index.ready();
    const list = await index.occurrences(path);
    const occurrence =
      list.find((one) => one.line === line && one.column <= column && column <= one.end_column) ?? null;
    const target =
      occurrence === null
        ? null
        : (declarationAt(index, path, occurrence) ?? resolveOccurrence(index, path, occurrence));
    return { index, occurrence, target };
  }
}

/** The declaration whose name stands at this very place; an old-style port's second line belongs to the first. */
function declarationAt(index: SyntaxIndex, path: string, { line, column, name }: Occurrence): Target | null {
  const file = index.file(path);
  const declaration = file?.declarations.find((one) => one.line === line && one.column === column);
  if (declaration === undefined || file === undefined) return null;
  const port = file.declarations.find(
    (one) => one.name === name && one.kind === 'port' && one.parent === declaration.parent,
  );
  return { path, declaration: port ?? declaration };
}

function described(index: SyntaxIndex, target: Target): string {
  const { declaration } = target;
  if (declaration.kind !== 'module' && declaration.kind !== 'interface')
    return declaration.kind === 'instance' ? `${declaration.detail}(…)` : declaration.detail;
  const list = (parts: readonly Declaration[]): string => parts.map((part) => `  ${part.detail}`).join(',\n');
  const parameters = partsOf(index, target, ['parameter']);
  const ports = partsOf(index, target, ['port']);
  return `${declaration.kind} ${declaration.name}${parameters.length === 0 ? '' : ` #(\n${list(parameters)}\n)`}${ports.length === 0 ? '' : ` (\n${list(ports)}\n)`};`;
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
