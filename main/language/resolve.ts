// Which declaration a name means: scopes outwards, then imports, then what the workspace declares at its top.
import type { CodePlace, SymbolKind } from '@genrtl/contracts';
import type { Declaration, FileDeclarations } from './declarations.ts';
import type { Occurrence } from './occurrences.ts';

export interface Target {
  readonly path: string;
  readonly declaration: Declaration;
}

/** What a lookup needs of the workspace's index. */
export interface Lookup {
  file(path: string): FileDeclarations | undefined;
  /** declarations outside every scope, and macros wherever they stand, by name */
  global(name: string): readonly Target[];
}

const DESIGN_UNITS: ReadonlySet<SymbolKind> = new Set(['module', 'interface', 'program', 'class']);

export const placeOf = ({ path, declaration }: Target): CodePlace => ({
  path,
  line: declaration.line,
  column: declaration.column,
  end_column: declaration.end_column,
});

export const sameTarget = (a: Target, b: Target): boolean =>
  a.path === b.path && a.declaration.line === b.declaration.line && a.declaration.column === b.declaration.column;

/** Declarations that stand directly in `parent` (null: in no scope of the file). */
function childrenNamed(file: FileDeclarations, parent: number | null, name: string): Declaration[] {
  return file.declarations.filter((declaration) => declaration.parent === parent && declaration.name === name);
}

/** A port that is declared twice in the old style (`output q; reg q;`) is the port. */
function best(found: readonly Declaration[]): Declaration | undefined {
  return found.find((declaration) => declaration.kind === 'port') ?? found[0];
}

function memberOf(lookup: Lookup, target: Target, name: string, kinds?: ReadonlySet<SymbolKind>): Target | null {
  const file = lookup.file(target.path);
  const at =
    file?.declarations.findIndex((declaration) => sameTarget({ path: target.path, declaration }, target)) ?? -1;
  if (file === undefined || at === -1) return null;
  const found = best(
    childrenNamed(file, at, name).filter((declaration) => kinds === undefined || kinds.has(declaration.kind)),
  );
  return found === undefined ? null : { path: target.path, declaration: found };
}

const designUnit = (lookup: Lookup, name: string): Target | null =>
  lookup.global(name).find(({ declaration }) => DESIGN_UNITS.has(declaration.kind)) ?? null;
const packageNamed = (lookup: Lookup, name: string): Target | null =>
  lookup.global(name).find(({ declaration }) => declaration.kind === 'package' || declaration.kind === 'class') ?? null;

/** The declaration that `name` means at `offset` of a file; null when nobody declares it. */
export function resolveName(lookup: Lookup, path: string, name: string, offset: number): Target | null {
  const file = lookup.file(path);
  if (file === undefined) return null;
  let scope: number | null = null;
  for (const [at, declaration] of file.declarations.entries()) {
    if (
      declaration.start <= offset &&
      offset < declaration.end &&
      file.declarations.some((inner) => inner.parent === at)
    )
      scope = at;
  }
  for (let at = scope; ; at = file.declarations[at]?.parent ?? null) {
    const found = best(childrenNamed(file, at, name));
    if (found !== undefined) return { path, declaration: found };
    for (const imported of file.imports) {
      if (imported.scope !== at || (imported.name !== null && imported.name !== name)) continue;
      const from = packageNamed(lookup, imported.from);
      const member = from === null ? null : memberOf(lookup, from, name);
      if (member !== null) return member;
    }
    if (at === null) break;
  }
  return lookup.global(name).find(({ declaration }) => declaration.kind !== 'macro') ?? null;
}

export function resolveOccurrence(lookup: Lookup, path: string, { name, role, offset }: Occurrence): Target | null {
  switch (role.kind) {
    case 'macro':
      return lookup.global(name).find(({ declaration }) => declaration.kind === 'macro') ?? null;
    case 'module':
      return designUnit(lookup, name);
    case 'port':
    case 'parameter': {
      const unit = designUnit(lookup, role.of);
      return unit === null
        ? null
        : memberOf(lookup, unit, name, new Set(role.kind === 'port' ? ['port'] : ['parameter', 'localparam']));
    }
    case 'scoped': {
      const from = packageNamed(lookup, role.qualifier);
      return from === null ? null : memberOf(lookup, from, name);
    }
    case 'member': {
      const owner = resolveName(lookup, path, role.qualifier, offset);
      if (owner === null) return null;
      const unit = owner.declaration.of === undefined ? null : designUnit(lookup, owner.declaration.of);
      return memberOf(lookup, unit ?? owner, name) ?? typed(lookup, owner, name);
    }
    case 'plain':
      return resolveName(lookup, path, name, offset);
  }
}

/** `signal.field` where the signal's declaration names a type of the workspace. */
function typed(lookup: Lookup, owner: Target, name: string): Target | null {
  for (const [word] of owner.declaration.detail.matchAll(/[A-Za-z_]\w*/g)) {
    if (word === owner.declaration.name) continue;
    const type = resolveName(lookup, owner.path, word, owner.declaration.start);
    const field = type === null || type.declaration.kind !== 'type' ? null : memberOf(lookup, type, name);
    if (field !== null) return field;
  }
  return null;
}
