// The declarations of one file by scope and name, made when the file is first asked about.
import type { Declaration, Import, Scope, SourceSyntax } from './model.ts';

export class NameTable {
  readonly syntax: SourceSyntax;
  readonly #byScope: readonly ReadonlyMap<string, readonly number[]>[];
  readonly #imports: ReadonlyMap<number, readonly Import[]>;
  /** made when they are asked for */
  #members: ReadonlyMap<number, readonly Declaration[]> | null = null;
  #unnamed: ReadonlyMap<number, readonly (readonly [number, Scope])[]> | null = null;
  readonly #byPlace = new Map<number, number>();
  /** begins of scopes in order of the text, with the scope that holds from there on */
  readonly #starts: number[] = [];
  readonly #active: number[] = [];

  constructor(syntax: SourceSyntax) {
    this.syntax = syntax;
    const byScope = syntax.scopes.map(() => new Map<string, number[]>());
    for (const [index, declaration] of syntax.declarations.entries()) {
      this.#byPlace.set(declaration.at, index);
      if (declaration.elsewhere) continue;
      const key = this.key(declaration.name);
      const names = byScope[declaration.scope];
      const known = names?.get(key);
      if (known === undefined) names?.set(key, [index]);
      else known.push(index);
    }
    this.#byScope = byScope;
    this.#imports = Map.groupBy(syntax.imports, ({ scope }) => scope);
    this.#sweep();
  }

  /** VHDL's names are the same in any letter case. */
  key(name: string): string {
    return this.syntax.language === 'vhdl' && !name.startsWith('\\') ? name.toLowerCase() : name;
  }

  named(scope: number, name: string): Declaration[] {
    return (this.#byScope[scope]?.get(this.key(name)) ?? []).flatMap((index) => this.syntax.declarations[index] ?? []);
  }

  importsOf(scope: number): readonly Import[] {
    return this.#imports.get(scope) ?? [];
  }

  /** The declaration whose name stands at this offset. */
  declaredAt(offset: number): Declaration | null {
    const index = this.#byPlace.get(offset);
    return index === undefined ? null : (this.syntax.declarations[index] ?? null);
  }

  members(scope: number): readonly Declaration[] {
    this.#members ??= Map.groupBy(
      this.syntax.declarations.filter(({ elsewhere }) => !elsewhere),
      ({ scope: own }) => own,
    );
    return this.#members.get(scope) ?? [];
  }

  /** Declarations of a scope and of what has no name inside it: loops, unnamed blocks; in the order of the text. */
  inside(scope: number): readonly Declaration[] {
    this.#unnamed ??= Map.groupBy(
      [...this.syntax.scopes.entries()].filter(([, { owner }]) => owner === null),
      ([, { parent }]) => parent,
    );
    const within = [scope];
    for (const each of within) for (const [inner] of this.#unnamed.get(each) ?? []) within.push(inner);
    return within.length === 1
      ? this.members(scope)
      : within.flatMap((each) => this.members(each)).sort((a, b) => a.start - b.start || b.end - a.end);
  }

  /** The innermost scope around an offset. */
  scopeAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? Infinity) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.#active[low - 1] ?? 0;
  }

  /** Scopes nest, apart from the branches of conditionals: of several that hold an offset the last opened counts. */
  #sweep(): void {
    const { scopes } = this.syntax;
    const order = scopes
      .map((_, index) => index)
      .sort((a, b) => (scopes[a]?.start ?? 0) - (scopes[b]?.start ?? 0) || a - b);
    const open: number[] = [];
    const mark = (offset: number, scope: number): void => {
      if (this.#starts.at(-1) === offset) this.#active[this.#active.length - 1] = scope;
      else {
        this.#starts.push(offset);
        this.#active.push(scope);
      }
    };
    const closeUntil = (offset: number): void => {
      for (;;) {
        const ends = open.map((scope) => scopes[scope]?.end ?? 0);
        const least = Math.min(...ends, Infinity);
        if (least > offset || open.length <= 1) return;
        open.splice(ends.lastIndexOf(least), 1);
        mark(least, open.at(-1) ?? 0);
      }
    };
    for (const scope of order) {
      const start = scopes[scope]?.start ?? 0;
      closeUntil(start);
      open.push(scope);
      mark(start, scope);
    }
    closeUntil(Infinity);
  }
}
