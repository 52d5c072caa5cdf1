// Gathers declarations, scopes and folds while a source is read from its beginning to its end.
import type { SymbolKind } from '@genrtl/contracts/language.ts';
import type { Declaration, Import, Override, SourceLanguage, SourceSyntax, TextPlace, TypeName } from './model.ts';

interface OpenScope {
  readonly parent: number;
  readonly start: number;
  end: number;
  owner: Draft | null;
  readonly within: string | null;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
export type Draft = Mutable<Declaration>;

export interface Declared {
  readonly kind: SymbolKind;
  readonly name: string;
  /** extent of the name */
  readonly at: number;
  readonly atEnd: number;
  readonly start: number;
  readonly end: number;
  readonly detail: string;
  readonly type?: TypeName | null;
  readonly of?: string;
}

const MAX_DETAIL = 240;

const COMMENTS: Readonly<Record<SourceLanguage, RegExp>> = {
  verilog: /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g,
  vhdl: /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g,
};

/** Text of a declaration on one line, without comments. */
function oneLine(text: string, language: SourceLanguage): string {
  const plain = /\/[/*]|--/.test(text) ? text.replace(COMMENTS[language], ' ') : text;
  const flat = plain.replace(/\s+/g, ' ').trim();
  return flat.length > MAX_DETAIL ? `${flat.slice(0, MAX_DETAIL)}…` : flat;
}

export class SourceBuilder {
  readonly text: string;
  readonly declarations: Draft[] = [];
  readonly #language: SourceLanguage;
  readonly #scopes: OpenScope[];
  readonly #imports: Import[] = [];
  readonly #folds: [number, number][] = [];
  readonly #includes: string[] = [];
  readonly #lines: number[] = [0];
  /** the innermost open scope */
  scope = 0;

  constructor(text: string, language: SourceLanguage) {
    this.text = text;
    this.#language = language;
    this.#scopes = [{ parent: -1, start: 0, end: Infinity, owner: null, within: null }];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#lines.push(at + 1);
  }

  /** from 1 */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#lines[middle] ?? Infinity) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  columnAt(offset: number, line = this.lineAt(offset)): number {
    return offset - (this.#lines[line - 1] ?? 0) + 1;
  }

  placeOf(start: number, end: number): TextPlace {
    const line = this.lineAt(start);
    const column = this.columnAt(start, line);
    return { line, column, end_column: column + end - start };
  }

  declare({ kind, name, at, atEnd, start, end, detail, type = null, of }: Declared, scope = this.scope): Draft {
    const place = this.placeOf(at, atEnd);
    const draft: Draft = {
      name,
      kind,
      detail: oneLine(detail, this.#language),
      ...place,
      first_line: start === at ? place.line : this.lineAt(start),
      last_line: this.lineAt(Math.max(start, end - 1)),
      at,
      start,
      end,
      scope,
      inner: null,
      type,
      of: of ?? null,
      overrides: NO_OVERRIDES,
      wildcard: null,
      boundTo: null,
      base: null,
      elsewhere: false,
    };
    this.declarations.push(draft);
    return draft;
  }

  detailOf(start: number, end: number): string {
    return oneLine(this.text.slice(start, end), this.#language);
  }

  /** Where it is declared after all: an old-style port's own line, behind the list of the header. */
  moveName(draft: Draft, at: number, atEnd: number): void {
    Object.assign(draft, this.placeOf(at, atEnd), { at });
    draft.first_line = Math.min(draft.first_line, draft.line);
    draft.last_line = Math.max(draft.last_line, draft.line);
  }

  setEnd(draft: Draft, end: number): void {
    draft.end = Math.max(end, draft.at + draft.name.length);
    draft.last_line = this.lineAt(Math.max(draft.start, draft.end - 1));
  }

  /** The new innermost scope; closed with `closeScope`. */
  openScope(start: number, owner: Draft | null, within: string | null = null): number {
    const index = this.#scopes.length;
    this.#scopes.push({
      parent: this.scope,
      start,
      end: Infinity,
      owner,
      within,
    });
    if (owner !== null) owner.inner = index;
    this.scope = index;
    return index;
  }

  /** `back`: the scope that was innermost before. */
  closeScope(scope: number, end: number, back: number): void {
    const closed = this.#scopes[scope];
    if (closed !== undefined) closed.end = end;
    this.scope = back;
  }

  /** The scope's names are those of this declaration, which was read behind them. */
  adopt(scope: number | null, owner: Draft): void {
    const found = scope === null ? undefined : this.#scopes[scope];
    if (found === undefined) return;
    found.owner = owner;
    owner.inner = scope;
  }

  ownerOf(scope: number): Draft | null {
    return this.#scopes[scope]?.owner ?? null;
  }

  import(from: string, name: string | null, exported = false): void {
    this.#imports.push({ from, name, scope: this.scope, exported });
  }

  include(name: string): void {
    this.#includes.push(name);
  }

  /** Offsets of the first and behind the last character; nothing within one line. */
  fold(start: number, end: number): void {
    const [first, last] = [this.lineAt(start), this.lineAt(Math.max(start, end - 1))];
    if (last > first) this.#folds.push([first, last]);
  }

  /** `index` gives the place of a declaration in the result, undefined for one that never got a name. */
  finish(): { syntax: SourceSyntax; index: ReadonlyMap<Draft, number> } {
    // what holds others stands before them
    const declarations = this.declarations
      .filter(({ name }) => name !== '')
      .sort((a, b) => a.start - b.start || b.end - a.end);
    const index = new Map(declarations.map((draft, at) => [draft, at]));
    const scopes = this.#scopes.map((scope) => ({
      ...scope,
      owner: scope.owner === null ? null : (index.get(scope.owner) ?? null),
    }));
    return {
      syntax: {
        language: this.#language,
        declarations,
        scopes,
        imports: this.#imports,
        // of several from one line, as the branches of a conditional leave them, the longest
        folds: [
          ...new Map(this.#folds.toSorted((a, b) => a[1] - b[1]).map((fold) => [fold[0], fold] as const)).values(),
        ],
        includes: this.#includes,
      },
      index,
    };
  }
}

const NO_OVERRIDES: readonly Override[] = [];
