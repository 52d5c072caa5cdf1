// Modules and entities of both languages in one list, and which of them nobody instantiates.
import type { SourceFacts } from '../filelist/source-facts.ts';

export interface DesignUnit {
  /** as declared; lowercase in VHDL */
  readonly name: string;
  readonly kind: 'module' | 'interface' | 'program' | 'entity';
  readonly file: string;
  /** from 1 */
  readonly line: number;
  /** names of units in this list that it instantiates, itself left out */
  readonly instantiates: readonly string[];
  readonly hasPorts: boolean;
  /** says PASS or ends the simulation; of an entity null: not known */
  readonly decides: boolean | null;
}

/** In file order. Verilog that instantiates an entity, and the other way round, meet by name in any letter case. */
export function designUnits(
  files: readonly { readonly path: string; readonly facts: SourceFacts | null }[],
): DesignUnit[] {
  const drafts: (Omit<DesignUnit, 'instantiates'> & { words: Iterable<string> })[] = [];
  /** what stands in an entity or module by words of another place: its architecture, a `bind` */
  const elsewhere = new Map<string, Set<string>>();
  for (const { facts } of files)
    for (const { of, unit } of (facts?.language === 'vhdl' ? facts.instances : facts?.binds) ?? [])
      elsewhere.set(of, (elsewhere.get(of) ?? new Set()).add(unit));
  for (const { path, facts } of files) {
    if (facts?.language === 'verilog')
      for (const { words, ...module } of facts.modules) {
        const bound = elsewhere.get(module.name);
        drafts.push({ ...module, file: path, words: bound === undefined ? words : [...words, ...bound] });
      }
    else if (facts?.language === 'vhdl')
      for (const { kind, name, line, ports: hasPorts } of facts.units)
        if (kind === 'entity')
          drafts.push({ name, kind, file: path, line, hasPorts, decides: null, words: elsewhere.get(name) ?? [] });
  }
  const exact = new Set(drafts.map(({ name }) => name));
  const entities = new Set(drafts.filter(({ kind }) => kind === 'entity').map(({ name }) => name));
  const modules = new Map(drafts.filter(({ kind }) => kind !== 'entity').map(({ name }) => [name.toLowerCase(), name]));
  return drafts.map(({ words, ...unit }) => {
    const named = new Set<string>();
    for (const word of words) {
      if (exact.has(word)) named.add(word);
      else if (entities.has(word.toLowerCase())) named.add(word.toLowerCase());
      else if (unit.kind === 'entity') {
        const module = modules.get(word);
        if (module !== undefined) named.add(module);
      }
    }
    named.delete(unit.name);
    return { ...unit, instantiates: [...named].sort() };
  });
}

/** Names of the units that a unit instantiates, itself or through others. */
export function instancesBelow(units: readonly DesignUnit[], top: string): ReadonlySet<string> {
  const byName = new Map(units.map((unit) => [unit.name, unit]));
  const found = new Set<string>();
  const open = [top];
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const other of byName.get(name)?.instantiates ?? [])
      if (!found.has(other)) {
        found.add(other);
        open.push(other);
      }
  return found;
}

/** Units that no other one of the list instantiates, each name once. */
export function topUnits(units: readonly DesignUnit[]): DesignUnit[] {
  const used = new Set(units.flatMap(({ instantiates }) => instantiates));
  const seen = new Set<string>();
  return units.filter(({ name }) => !used.has(name) && !seen.has(name) && seen.add(name));
}
