// What may stand at the cursor: ports and parameters of the instance that is being written, members of packages,
// interfaces and structs, macros, names in sight, and whole instantiations of modules.
import type { CodeCompletion, SymbolKind } from '@genrtl/contracts/language.ts';
import type { Before } from './cursor.ts';
import { DESIGN_UNITS } from './model.ts';
import type { Declaration, PathStep } from './model.ts';
import { isVhdl } from './read-source.ts';
import type { Lookup, Resolver, Target } from './resolve.ts';

const escape = (text: string): string => text.replaceAll(/[\\$}]/g, '\\$&');

/** Direct parts of a design unit of the given kinds, in the order of the source; an old-style port once. */
export function partsOf(resolver: Resolver, unit: Target, kinds: readonly SymbolKind[]): Declaration[] {
  const parts = resolver.members(unit).filter(({ declaration }) => kinds.includes(declaration.kind));
  return [...new Map(parts.map(({ declaration }) => [declaration.name, declaration])).values()];
}

export const defaultOf = ({ detail }: Declaration): string | null => /=\s*(.+?)\s*$/.exec(detail)?.[1] ?? null;

/** The same for VHDL: `u_x : entity work.x generic map (…) port map (…);` */
function vhdlInstantiation(resolver: Resolver, unit: Target): string {
  let stop = 1;
  const hole = (text: string): string => `\${${stop++}:${escape(text)}}`;
  const name = hole(`u_${unit.declaration.name}`);
  const map = (word: string, parts: readonly Declaration[], value: (part: Declaration) => string): string =>
    parts.length === 0
      ? ''
      : `\n\t${word} map (\n${parts.map((part) => `\t\t${escape(part.name)} => ${hole(value(part))}`).join(',\n')}\n\t)`;
  const generics = map('generic', partsOf(resolver, unit, ['parameter']), (part) => defaultOf(part) ?? part.name);
  const ports = map('port', partsOf(resolver, unit, ['port']), (part) => part.name);
  return `${name} : entity work.${escape(unit.declaration.name)}${generics}${ports};`;
}

/** A whole instantiation as a snippet: instance name, parameters at their defaults, each port on a net of its name. */
export function instantiation(resolver: Resolver, unit: Target): string {
  let stop = 1;
  const hole = (text: string): string => `\${${stop++}:${escape(text)}}`;
  const name = hole(`u_${unit.declaration.name}`);
  const lines = (parts: readonly Declaration[], value: (part: Declaration) => string): string =>
    parts.map((part) => `\t.${escape(part.name)}(${hole(value(part))})`).join(',\n');
  const parameters = partsOf(resolver, unit, ['parameter']);
  const ports = partsOf(resolver, unit, ['port']);
  const overrides =
    parameters.length === 0 ? '' : ` #(\n${lines(parameters, (part) => defaultOf(part) ?? part.name)}\n)`;
  return `${escape(unit.declaration.name)}${overrides} ${name} (${ports.length === 0 ? '' : `\n${lines(ports, (part) => part.name)}\n`});`;
}

const plain = (declaration: Declaration): CodeCompletion => ({
  label: declaration.name,
  kind: declaration.kind,
  detail: declaration.detail,
  insert: escape(declaration.name),
});

export interface Asked {
  readonly lookup: Lookup;
  readonly resolver: Resolver;
  readonly globals: Iterable<readonly Target[]>;
  readonly path: string;
  readonly offset: number;
  readonly before: Before;
}

export function complete({ lookup, resolver, globals, path, offset, before }: Asked): CodeCompletion[] {
  if (before.silent) return [];
  const all = [...globals].flat();
  if (before.macro)
    return all.filter(({ declaration }) => declaration.kind === 'macro').map(({ declaration }) => plain(declaration));
  const { call } = before;
  if (before.connection) {
    if (call === null || call.part === 'arguments') return [];
    const unit = resolver.unitFrom(path, call.name, offset);
    if (unit === null) return [];
    const vhdl = isVhdl(path);
    return partsOf(resolver, unit, call.part === 'ports' ? ['port'] : ['parameter'])
      .filter((part) => !call.used.has(part.name))
      .map((part) => {
        const value = `\${1:${escape(part.name)}}`;
        return { ...plain(part), insert: vhdl ? `${escape(part.name)} => ${value}` : `${escape(part.name)}(${value})` };
      });
  }
  if (before.path !== null) return members(resolver, path, before.path, offset).map(plain);
  return [
    ...inSight(lookup, path, offset),
    ...(before.statement && call === null ? instantiations(resolver, path, all) : []),
  ];
}

/** Everything that may stand behind a path: in the order of the source, each name once. */
function members(resolver: Resolver, path: string, steps: readonly PathStep[], offset: number): Declaration[] {
  const owner = resolver.lead(path, steps, offset);
  return owner === null
    ? []
    : [
        ...new Map(resolver.allMembers(owner).map(({ declaration }) => [declaration.name, declaration])).values(),
      ].filter(({ kind }) => kind !== 'block' && kind !== 'macro');
}

/** Declarations of the scopes around the cursor, the innermost of a name only. */
function inSight(lookup: Lookup, path: string, offset: number): CodeCompletion[] {
  const file = lookup.file(path);
  if (file === undefined) return [];
  const seen = new Map<string, CodeCompletion>();
  for (let scope = file.scopeAt(offset); scope >= 0; scope = file.syntax.scopes[scope]?.parent ?? -1) {
    for (const declaration of file.members(scope)) {
      if (seen.has(declaration.name) || declaration.kind === 'instance' || declaration.kind === 'macro') continue;
      if (!DESIGN_UNITS.has(declaration.kind)) seen.set(declaration.name, plain(declaration));
    }
  }
  return [...seen.values()];
}

function instantiations(resolver: Resolver, path: string, all: readonly Target[]): CodeCompletion[] {
  return all
    .filter(({ declaration }) => DESIGN_UNITS.has(declaration.kind) && declaration.kind !== 'program')
    .map((target) => ({
      label: target.declaration.name,
      kind: target.declaration.kind,
      detail: target.declaration.detail,
      insert: (isVhdl(path) ? vhdlInstantiation : instantiation)(resolver, target),
    }));
}
