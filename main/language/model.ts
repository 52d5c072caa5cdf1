// What a source declares and what its names stand for, the same for Verilog and VHDL. Offsets are of UTF-16 code units.
import type { OutlineSymbol, SymbolKind, SyntaxProblem } from '@genrtl/contracts/language.ts';

export type SourceLanguage = 'verilog' | 'vhdl';

/** One step of a name: `types_pkg ::`, `bus .`; the steps before the last name lead to where it is declared. */
export interface PathStep {
  readonly name: string;
  /** what stands behind it */
  readonly separator: '::' | '.';
  /** `name(…).`: what the call gives leads on */
  readonly called?: boolean;
}

/** A type by name, with what qualifies it. `bus_if.slave` is the interface with a modport. */
export interface TypeName {
  readonly path: readonly PathStep[];
  readonly name: string;
}

/** Within one line. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
  readonly end_column: number;
}

/** `.WIDTH(8)` of an instance; by position the name is null. */
export interface Override {
  readonly name: string | null;
  readonly value: string;
}

export interface Declaration extends Omit<OutlineSymbol, 'parent'> {
  /** offset of its name */
  readonly at: number;
  /** extent of the whole declaration */
  readonly start: number;
  readonly end: number;
  /** the scope that it is declared in */
  readonly scope: number;
  /** the scope that it opens: of a module, a function, a struct's fields */
  readonly inner: number | null;
  /** the type of its values, by name */
  readonly type: TypeName | null;
  /** of an instance: the module; of an architecture: the entity */
  readonly of: string | null;
  /** of an instance: parameters that it sets */
  readonly overrides: readonly Override[];
  /** of an instance: where `.*` stands, to connect what has equal names */
  readonly wildcard: TextPlace | null;
  /** of an instance that `bind` puts into another module: that module */
  readonly boundTo: string | null;
  /** of a class: what it extends */
  readonly base: TypeName | null;
  /** a body whose unit stands elsewhere (`function cls::f`): no name of its own scope */
  readonly elsewhere: boolean;
}

/** A stretch of text with names of its own. Scope 0 is the file. */
export interface Scope {
  /** -1: none */
  readonly parent: number;
  readonly start: number;
  readonly end: number;
  /** the declaration that it belongs to; null for loops and unnamed blocks */
  readonly owner: number | null;
  /** a unit whose names are seen from here as if they stood around: of `bind`, of `cls::method`, of an architecture */
  readonly within: string | null;
}

export interface Import {
  readonly from: string;
  /** null: every name */
  readonly name: string | null;
  readonly scope: number;
  /** `export p::*` of a package: who imports that one gets these; from `*`: what it imports itself */
  readonly exported: boolean;
}

export interface SourceSyntax {
  readonly language: SourceLanguage;
  /** parents stand before what they hold */
  readonly declarations: readonly Declaration[];
  readonly scopes: readonly Scope[];
  readonly imports: readonly Import[];
  /** first and last line */
  readonly folds: readonly (readonly [number, number])[];
  /** names of the files that it includes */
  readonly includes: readonly string[];
}

export type Role =
  | { readonly kind: 'plain' | 'module' | 'macro' }
  /** `.name(…)` of an instance of `of`; `implicit`: `.name`, which names the signal here as well */
  | { readonly kind: 'port' | 'parameter'; readonly of: string; readonly implicit: boolean }
  /** led to by other names */
  | { readonly kind: 'path'; readonly path: readonly PathStep[] }
  /** a name in an assignment pattern `'{valid: 1, data: x}`, with all names of that pattern */
  | { readonly kind: 'key'; readonly keys: readonly string[] }
  /** `.name(…)` of a call of what the path leads to */
  | { readonly kind: 'argument'; readonly path: readonly PathStep[]; readonly callee: string }
  /** `entity work.e(rtl)`: of the entity `of` */
  | { readonly kind: 'architecture'; readonly of: string }
  /** the name again at the end of what it names: index of the declaration */
  | { readonly kind: 'own'; readonly declaration: number }
  /** behind something that is not understood: a call's result, a macro */
  | { readonly kind: 'unknown' };

export interface Occurrence {
  readonly name: string;
  readonly role: Role;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly end_column: number;
}

/** Kinds that can be instantiated. */
export const DESIGN_UNITS: ReadonlySet<SymbolKind> = new Set([
  'module',
  'interface',
  'program',
  'udp',
  'checker',
  'entity',
  'component',
]);

export interface ReadSource {
  readonly syntax: SourceSyntax;
  /** every name of the text with what it can be told to be */
  occurrences(): Occurrence[];
}

/** A place where a source cannot be what its language allows. Offsets are of the token that is told of. */
export interface SyntaxFault {
  readonly code: SyntaxProblem['code'];
  readonly name: string;
  /** what was expected, or what stands there instead */
  readonly other: string | null;
  readonly start: number;
  readonly end: number;
}
