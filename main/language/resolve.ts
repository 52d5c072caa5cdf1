// Which declaration a name means: scopes outwards, then imports, then what the workspace declares at its top; along a
// path of names from one to the next.
import type { CodePlace, SymbolKind } from '@genrtl/contracts/language.ts';
import { DESIGN_UNITS } from './model.ts';
import type { Declaration, Occurrence, PathStep, TypeName } from './model.ts';
import type { NameTable } from './name-table.ts';

export interface Target {
  readonly path: string;
  readonly declaration: Declaration;
}

/** What a lookup needs of the workspace's index. */
export interface Lookup {
  file(path: string): NameTable | undefined;
  /** declarations outside every scope, and macros wherever they stand, by name; VHDL's in any letter case */
  global(name: string): readonly Target[];
  /** the same with the names of Verilog in any letter case too, as VHDL sees them */
  globalAnyCase(name: string): readonly Target[];
  /** types of the workspace that have a field of this name */
  typesWithField(name: string): readonly Target[];
  architecturesOf(entity: string): readonly Target[];
}

/** A class may extend one that extends it, in a text that is wrong. */
const MAX_STEPS = 32;
/** Contexts that name contexts. */
const MAX_CONTEXTS = 8;
const COMPONENTS: ReadonlySet<SymbolKind> = new Set(['component']);
/** What a body of VHDL says again. */
const REPEATED: ReadonlySet<SymbolKind> = new Set(['function', 'task', 'constant', 'type']);
const PACKAGES: ReadonlySet<SymbolKind> = new Set(['package', 'class', 'context']);
const TYPES: ReadonlySet<SymbolKind> = new Set([
  'type',
  'class',
  'interface',
  'parameter',
  'localparam',
  'covergroup',
  'package',
]);
/** `$unit::x`, `$root.top`, `local::x`: the path begins behind it. */
const OUTERMOST: ReadonlySet<string> = new Set(['$unit', '$root', 'local']);
/** Names of the scope around are what these hold. */
const VIEWS: ReadonlySet<SymbolKind> = new Set(['modport', 'clocking']);

export const placeOf = ({ path, declaration }: Target): CodePlace => ({
  path,
  line: declaration.line,
  column: declaration.column,
  end_column: declaration.end_column,
});

export const sameTarget = (a: Target, b: Target): boolean => a.path === b.path && a.declaration.at === b.declaration.at;

/** Of several of one name: a port before what only completes it, a body before its announcement. */
function best(found: readonly Declaration[]): Declaration | undefined {
  return found.length < 2
    ? found[0]
    : (found.find(({ kind }) => kind === 'port' || kind === 'argument') ??
        found.find(({ kind }) => kind !== 'instance') ??
        found[0]);
}

/** From where a name is looked for: an offset of the file, or a scope. */
export type Viewpoint = number | { readonly scope: number };

const scopeOf = (file: NameTable, from: Viewpoint): number =>
  typeof from === 'number' ? file.scopeAt(from) : from.scope;

const extent = ({ declaration }: Target): number => declaration.end - declaration.start;

export class Resolver {
  readonly #lookup: Lookup;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  /**
   * A module, an interface … or, asked from VHDL, an entity. Of the branches of a conditional the one with the body.
   */
  unit(name: string, anyCase = false): Target | null {
    const units = (targets: readonly Target[]): Target[] =>
      targets.filter(({ declaration }) => DESIGN_UNITS.has(declaration.kind));
    let found = units(this.#lookup.global(name));
    if (found.length === 0 && anyCase) found = units(this.#lookup.globalAnyCase(name));
    const [first] = found;
    if (first === undefined) return null;
    return found.reduce((one, other) => (other.path === one.path && extent(other) > extent(one) ? other : one), first);
  }

  architectures(entity: Target): Target[] {
    return [...this.#lookup.architecturesOf(entity.declaration.name)];
  }

  /** The module that an instance is bound into: by its own name or by that of an instance of it. */
  boundUnit(path: string, { boundTo, start }: Declaration): Target | null {
    if (boundTo === null) return null;
    const unit = this.unit(boundTo);
    if (unit !== null) return unit;
    const of = this.name(path, boundTo, start, new Set(['instance']))?.declaration.of ?? null;
    return of === null ? null : this.unit(of);
  }

  package(name: string): Target | null {
    return this.#lookup.global(name).find(({ declaration }) => PACKAGES.has(declaration.kind)) ?? null;
  }

  /** The declaration that another one stands in; null at the file's own level. */
  ownerOf({ path, declaration }: Target): Target | null {
    const syntax = this.#lookup.file(path)?.syntax;
    for (let scope = declaration.scope; scope > 0; scope = syntax?.scopes[scope]?.parent ?? -1) {
      const owner = syntax?.declarations[syntax.scopes[scope]?.owner ?? -1];
      if (owner !== undefined) return { path, declaration: owner };
    }
    return null;
  }

  /** Direct members of a declaration that opens a scope. */
  members({ path, declaration }: Target): Target[] {
    const file = this.#lookup.file(path);
    if (file === undefined || declaration.inner === null) return [];
    return file.members(declaration.inner).map((member) => ({ path, declaration: member }));
  }

  member(target: Target, name: string, kinds?: ReadonlySet<SymbolKind>): Target | null {
    const { path, declaration } = target;
    const file = this.#lookup.file(path);
    if (file === undefined || declaration.inner === null) return null;
    const found = file.named(declaration.inner, name);
    const chosen = best(kinds === undefined ? found : found.filter(({ kind }) => kinds.has(kind)));
    return chosen === undefined ? null : { path, declaration: chosen };
  }

  /**
   * What `owner.name` means: in its own scope, in its type's, in the module of an instance, in what a class extends.
   */
  memberOf(owner: Target, name: string): Target | null {
    let at: Target | null = owner;
    for (let steps = 0; at !== null && steps < MAX_STEPS; steps += 1) {
      const { declaration }: Target = at;
      const own = this.member(at, name);
      // a modport names what stands around it, or says itself what a name is
      if (VIEWS.has(declaration.kind)) return own ?? this.#around(at, name);
      if (own !== null) return own;
      if (declaration.kind === 'package') {
        const exported = this.#exported(at, name);
        if (exported !== null) return exported;
      }
      at = this.#next(at);
    }
    return null;
  }

  /** What a package gives on of others; `seen`: packages may give on each other's names. */
  #exported({ path, declaration }: Target, name: string, seen = new Set<Declaration>()): Target | null {
    const file = this.#lookup.file(path);
    if (file === undefined || declaration.inner === null || seen.has(declaration)) return null;
    seen.add(declaration);
    const imports = file.importsOf(declaration.inner);
    const exports = imports.filter(({ exported }) => exported);
    const given = exports.flatMap((one) => (one.from === '*' ? imports.filter(({ exported }) => !exported) : [one]));
    for (const one of given) {
      if (one.name !== null && one.name !== name) continue;
      const from = this.package(one.from);
      const found = from === null ? null : (this.member(from, name) ?? this.#exported(from, name, seen));
      if (found !== null) return found;
    }
    return null;
  }

  /** Where members that a declaration does not have itself are looked for. */
  #next(target: Target): Target | null {
    const { declaration } = target;
    if (declaration.kind === 'instance')
      return declaration.of === null ? null : this.unitFrom(target.path, declaration.of, declaration.at);
    if (declaration.base !== null) return this.typeOf(target, declaration.base);
    return declaration.type === null ? null : this.typeOf(target, declaration.type);
  }

  /** Every member that `memberOf` would find, nearest first. */
  allMembers(owner: Target): Target[] {
    const found: Target[] = [];
    let at: Target | null = owner;
    for (let steps = 0; at !== null && steps < MAX_STEPS; steps += 1) {
      const { path, declaration }: Target = at;
      if (VIEWS.has(declaration.kind)) {
        const file = this.#lookup.file(path);
        // a modport names what it gives
        const given = new Set(declaration.detail.match(/[A-Za-z_]\w*/g));
        const around = file?.members(declaration.scope) ?? [];
        return found.concat(
          this.members(at),
          around
            .filter(({ name, kind }) => kind !== 'modport' && given.has(name))
            .map((one) => ({ path, declaration: one })),
        );
      }
      found.push(...this.members(at));
      at = this.#next(at);
    }
    return found;
  }

  /** What the whole path leads to, seen from a place of a file. */
  lead(path: string, steps: readonly PathStep[], from: Viewpoint): Target | null {
    const [first, ...rest] = steps;
    if (first === undefined) return null;
    let owner = this.#given(this.#first(path, first, from), first);
    for (const step of rest) owner = owner === null ? null : this.#given(this.memberOf(owner, step.name), step);
    return owner;
  }

  /** Of a step that is called what the call gives. */
  #given(target: Target | null, { called }: PathStep): Target | null {
    if (called !== true || target === null) return target;
    return target.declaration.type === null ? null : this.typeOf(target, target.declaration.type);
  }

  /** The type that a declaration names, as seen from the scope that it stands in. */
  typeOf({ path, declaration }: Target, type: TypeName): Target | null {
    const named = this.#along(path, type.path, type.name, { scope: declaration.scope }, TYPES);
    return named !== null && sameTarget(named, { path, declaration }) ? null : named;
  }

  #around({ path, declaration }: Target, name: string): Target | null {
    const found = best(this.#lookup.file(path)?.named(declaration.scope, name) ?? []);
    return found === undefined ? null : { path, declaration: found };
  }

  /** The declaration that `name` means at an offset of a file; null when nobody declares it. */
  name(path: string, name: string, from: Viewpoint, kinds?: ReadonlySet<SymbolKind>): Target | null {
    const file = this.#lookup.file(path);
    if (file === undefined) return null;
    const fits = (found: readonly Declaration[]): Declaration | undefined =>
      best(kinds === undefined ? found : found.filter(({ kind }) => kinds.has(kind)));
    for (let scope = scopeOf(file, from); scope >= 0; scope = file.syntax.scopes[scope]?.parent ?? -1) {
      // at the file's own level every file of the workspace has a say, below
      const found = fits(file.named(scope, name).filter(({ kind }) => kind !== 'macro'));
      if (found !== undefined) return { path, declaration: found };
      const inherited = this.#inherited(file, path, scope, name);
      if (inherited !== null) return inherited;
      const imported = this.#imported(file, scope, name);
      if (imported !== null) return imported;
    }
    const global = this.#lookup.global(name).filter(({ declaration }) => declaration.kind !== 'macro');
    return (kinds === undefined ? global[0] : global.find(({ declaration }) => kinds.has(declaration.kind))) ?? null;
  }

  /** What the imports of a scope bring; those of a context of VHDL are imports again. */
  #imported(file: NameTable, scope: number, name: string, depth = 0): Target | null {
    for (const imported of file.importsOf(scope)) {
      if (imported.exported) continue;
      if (imported.name !== null && file.key(imported.name) !== file.key(name)) continue;
      const from = this.package(imported.from);
      if (from === null) continue;
      const { path, declaration } = from;
      const context = declaration.kind === 'context' ? this.#lookup.file(path) : undefined;
      const member =
        context === undefined || declaration.inner === null
          ? this.memberOf(from, name)
          : depth < MAX_CONTEXTS
            ? this.#imported(context, declaration.inner, name, depth + 1)
            : null;
      if (member !== null) return member;
    }
    return null;
  }

  /** Of a class what it extends has, of a `bind` and of a body that stands elsewhere what the other unit has. */
  #inherited(file: NameTable, path: string, scope: number, name: string): Target | null {
    const { owner, within } = file.syntax.scopes[scope] ?? { owner: null, within: null };
    if (within !== null) {
      const unit = this.unit(within) ?? this.package(within);
      const found = unit === null ? null : this.memberOf(unit, name);
      if (found !== null) return found;
    }
    const declaration = owner === null ? undefined : file.syntax.declarations[owner];
    if (declaration?.base == null) return null;
    const base = this.typeOf({ path, declaration }, declaration.base);
    return base === null ? null : this.memberOf(base, name);
  }

  #along(
    path: string,
    steps: readonly PathStep[],
    name: string,
    from: Viewpoint,
    kinds?: ReadonlySet<SymbolKind>,
  ): Target | null {
    const [first, ...rest] = steps;
    if (first === undefined) return this.name(path, name, from, kinds);
    if (OUTERMOST.has(first.name)) return this.#along(path, rest, name, from, kinds);
    const owner = this.lead(path, steps, from);
    if (owner !== null) return this.memberOf(owner, name);
    // the name of a library leads to any unit of the workspace: `work.fifo`, `lib.pkg.t`
    if (!this.#isVhdl(path) || this.#first(path, first, from) !== null) return null;
    return rest.length === 0
      ? (this.unit(name, true) ?? this.package(name))
      : this.#along(path, rest, name, from, kinds);
  }

  #first(path: string, { name, separator }: PathStep, from: Viewpoint): Target | null {
    if (name === 'this' || name === 'super') return this.#class(path, from, name === 'super');
    if (separator === '::')
      return this.package(name) ?? this.name(path, name, from, TYPES) ?? this.name(path, name, from);
    return this.name(path, name, from) ?? this.unit(name);
  }

  /** The class around a place, or what it extends. */
  #class(path: string, from: Viewpoint, base: boolean): Target | null {
    const file = this.#lookup.file(path);
    if (file === undefined) return null;
    for (let scope = scopeOf(file, from); scope >= 0; scope = file.syntax.scopes[scope]?.parent ?? -1) {
      const { owner, within } = file.syntax.scopes[scope] ?? { owner: null, within: null };
      const declaration = owner === null ? undefined : file.syntax.declarations[owner];
      const found =
        declaration?.kind === 'class' ? { path, declaration } : within === null ? null : this.package(within);
      if (found !== null)
        return !base ? found : found.declaration.base === null ? null : this.typeOf(found, found.declaration.base);
    }
    return null;
  }

  #isVhdl(path: string): boolean {
    return this.#lookup.file(path)?.syntax.language === 'vhdl';
  }

  /** The unit that an instance in this file names; in VHDL a component where no entity bears the name, or by its
   * configuration. */
  unitFrom(path: string, name: string, offset: number): Target | null {
    const vhdl = this.#isVhdl(path);
    // a module may be declared inside another one
    const unit = this.unit(name, vhdl) ?? this.name(path, name, offset, vhdl ? COMPONENTS : DESIGN_UNITS);
    const of = unit !== null || !vhdl ? null : (this.#configuration(name)?.declaration.of ?? null);
    return of === null ? unit : this.unit(of, true);
  }

  #configuration(name: string): Target | null {
    return this.#lookup.global(name).find(({ declaration }) => declaration.kind === 'configuration') ?? null;
  }

  /**
   * What is declared twice is one: a component and its ports are those of the entity, a body's subprogram that of the
   * package.
   */
  #original(target: Target): Target {
    const { path, declaration } = target;
    const file = this.#lookup.file(path);
    if (file?.syntax.language !== 'vhdl') return target;
    if (declaration.kind === 'component') return this.unit(declaration.name, true) ?? target;
    const { owner, within } = file.syntax.scopes[declaration.scope] ?? { owner: null, within: null };
    const around = owner === null ? undefined : file.syntax.declarations[owner];
    if (around?.kind === 'component') {
      const entity = this.unit(around.name, true);
      return (entity === null ? null : this.member(entity, declaration.name)) ?? target;
    }
    if (within === null || !REPEATED.has(declaration.kind)) return target;
    const unit = this.package(within) ?? this.name(path, within, { scope: declaration.scope }, TYPES);
    return (unit === null ? null : this.member(unit, declaration.name, REPEATED)) ?? target;
  }

  /** What an occurrence means. Of `.name` in an instance the port; `implicitSignal` gives the other one. */
  occurrence(path: string, { name, role, offset }: Occurrence): Target | null {
    const file = this.#lookup.file(path);
    const declared = file?.declaredAt(offset) ?? null;
    if (declared !== null && !declared.elsewhere) {
      // the other line of an old-style port means the port
      const port =
        declared.kind === 'variable' || declared.kind === 'net'
          ? file?.named(declared.scope, declared.name).find(({ kind }) => kind === 'port')
          : undefined;
      return this.#original({ path, declaration: port ?? declared });
    }
    const found = this.#roleTarget(path, name, role, offset, declared);
    return found === null ? null : this.#original(found);
  }

  #roleTarget(
    path: string,
    name: string,
    role: Occurrence['role'],
    offset: number,
    declared: Declaration | null,
  ): Target | null {
    switch (role.kind) {
      case 'macro':
        return this.#lookup.global(name).find(({ declaration }) => declaration.kind === 'macro') ?? null;
      case 'module':
        return (
          this.unit(name) ??
          (this.#isVhdl(path) ? this.#configuration(name) : null) ??
          this.unitFrom(path, name, offset)
        );
      case 'architecture':
        return (
          this.#lookup
            .architecturesOf(role.of)
            .find(({ declaration }) => declaration.name.toLowerCase() === name.toLowerCase()) ?? null
        );
      case 'port':
      case 'parameter': {
        const unit =
          this.unitFrom(path, role.of, offset) ??
          (role.kind === 'parameter' ? this.name(path, role.of, offset, TYPES) : null);
        return unit === null
          ? null
          : this.member(unit, name, new Set(role.kind === 'port' ? ['port'] : ['parameter', 'localparam']));
      }
      case 'path':
        return (
          this.#along(path, role.path, name, offset) ?? (declared === null ? null : { path, declaration: declared })
        );
      case 'key':
        return this.#key(path, role.keys, name, offset);
      case 'argument': {
        const callee = this.#along(path, role.path, role.callee, offset);
        return callee === null ? null : this.#argument(callee, name);
      }
      case 'own': {
        const declaration = this.#lookup.file(path)?.syntax.declarations[role.declaration];
        return declaration === undefined ? null : { path, declaration };
      }
      case 'plain':
        return this.name(path, name, offset);
      case 'unknown':
        return null;
    }
  }

  /** `.name` without parentheses connects the port of that name to what bears it here. */
  implicitSignal(path: string, { name, role, offset }: Occurrence): Target | null {
    return role.kind === 'port' && role.implicit ? this.name(path, name, offset) : null;
  }

  #argument(callee: Target, name: string): Target | null {
    const routine = callee.declaration.kind === 'class' ? this.member(callee, 'new') : callee;
    return routine === null ? null : this.member(routine, name, new Set(['argument', 'port']));
  }

  /** A pattern's key is a field of the one type that has all of its keys, else an index by name. */
  #key(path: string, keys: readonly string[], name: string, offset: number): Target | null {
    const types = this.#lookup
      .typesWithField(name)
      .filter((type) => keys.every((key) => this.member(type, key) !== null));
    const [type] = types;
    if (type !== undefined && types.every((other) => sameTarget(other, type))) return this.member(type, name);
    if (type !== undefined) return null;
    return this.name(path, name, offset, new Set(['enumerator', 'parameter', 'localparam', 'genvar', 'constant']));
  }
}
