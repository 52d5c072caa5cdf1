// Compile order of sources: macros and packages before the files that use them, VHDL units before those that need them;
// everything else stays as it was given. What a file includes counts as its own text.
import type { SourceFacts, VerilogFacts } from './source-facts.ts';
import type { VhdlFacts } from '../vhdl/units.ts';

export interface OrderedSource {
  readonly path: string;
  /** null: not read, so that it neither needs nor gives anything */
  readonly facts: SourceFacts | null;
  /** files that it includes, directly and through others */
  readonly includes: readonly VerilogFacts[];
  /** VHDL library that the file is analysed into; `work` unless a project says otherwise */
  readonly library?: string;
  /** named in an order of somebody's own: stays behind the listed file before it */
  readonly listed?: boolean;
}

/**
 * The paths in an order that every tool accepts. Listed files keep their order among themselves; a cycle keeps the
 * given order: the tool reports it best.
 */
export function orderSources(sources: readonly OrderedSource[]): string[] {
  const needs = new Map<OrderedSource, OrderedSource[]>();
  const give = providers(sources);
  let before: OrderedSource | null = null;
  for (const source of sources) {
    const own = needsOf(source, give);
    if (source.listed === true) {
      if (before !== null) own.push(before);
      before = source;
    }
    needs.set(source, own);
  }
  return sorted(sources, needs).map(({ path }) => path);
}

interface Providers {
  /** files whose own text defines a macro before those that only include a definition */
  readonly macros: ReadonlyMap<string, readonly OrderedSource[]>;
  /** files of directives only, by the macros that they set */
  readonly settings: ReadonlyMap<string, OrderedSource>;
  readonly packages: ReadonlyMap<string, OrderedSource>;
  /** by `library.unit` */
  readonly units: ReadonlyMap<string, OrderedSource>;
}

function providers(sources: readonly OrderedSource[]): Providers {
  const direct = new Map<string, OrderedSource[]>();
  const included = new Map<string, OrderedSource[]>();
  const settings = new Map<string, OrderedSource>();
  const packages = new Map<string, OrderedSource>();
  const units = new Map<string, OrderedSource>();
  const first = <K>(map: Map<K, OrderedSource>, key: K, source: OrderedSource): void => {
    if (!map.has(key)) map.set(key, source);
  };
  const add = (map: Map<string, OrderedSource[]>, key: string, source: OrderedSource): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [source]);
    else list.push(source);
  };
  for (const source of sources) {
    const { facts } = source;
    if (facts?.language === 'vhdl') {
      const library = source.library ?? 'work';
      for (const { kind, name } of facts.units)
        if (kind !== 'architecture' && kind !== 'package_body') first(units, `${library}.${name}`, source);
    } else if (facts !== null) {
      for (const [name, always] of facts.defines) {
        add(direct, name, source);
        if (always && facts.directivesOnly) first(settings, name, source);
      }
      for (const name of facts.packages) first(packages, name, source);
      for (const header of source.includes) {
        for (const name of header.defines.keys()) if (!facts.defines.has(name)) add(included, name, source);
        for (const name of header.packages) first(packages, name, source);
      }
    }
  }
  const macros = new Map<string, OrderedSource[]>();
  for (const name of new Set([...direct.keys(), ...included.keys()]))
    macros.set(name, [...(direct.get(name) ?? []), ...(included.get(name) ?? [])]);
  return { macros, settings, packages, units };
}

function needsOf(source: OrderedSource, give: Providers): OrderedSource[] {
  const { facts } = source;
  if (facts === null || (facts.language === 'verilog' && source.includes.length === 0 && !needsAny(facts))) return [];
  const needs =
    facts.language === 'vhdl' ? vhdlNeeds(facts, source.library ?? 'work', give) : verilogNeeds(source, give);
  return needs.filter((other) => other !== source);
}

const needsAny = ({ tests, expands, packageUses }: VerilogFacts): boolean =>
  tests.size + expands.size + packageUses.size > 0;

function verilogNeeds(source: OrderedSource, give: Providers): OrderedSource[] {
  const texts = [source.facts, ...source.includes].filter((facts) => facts?.language === 'verilog');
  const own = new Set(texts.flatMap((facts) => [...facts.defines.keys()]));
  const needs: OrderedSource[] = [];
  const need = (other: OrderedSource | undefined): void => {
    if (other !== undefined) needs.push(other);
  };
  for (const facts of texts) {
    for (const name of facts.tests) if (facts.defines.get(name) !== true) need(give.settings.get(name));
    for (const name of facts.expands) if (!own.has(name)) need(give.macros.get(name)?.[0]);
    for (const name of facts.packageUses) need(give.packages.get(name));
  }
  return needs;
}

function vhdlNeeds(facts: VhdlFacts, library: string, give: Providers): OrderedSource[] {
  const needs: OrderedSource[] = [];
  const need = (of: string, unit: string): void => {
    const other = give.units.get(`${of === 'work' ? library : of}.${unit}`);
    if (other !== undefined) needs.push(other);
  };
  for (const name of facts.names) need(name.library, name.unit);
  // an architecture follows its entity, a body its package, wherever they lie
  for (const unit of facts.units) if (unit.of !== '') need('work', unit.of);
  for (const { unit } of facts.instances) need('work', unit);
  return needs;
}

/** Depth first, without recursion: a hostile chain must not overflow the stack. */
function sorted(
  sources: readonly OrderedSource[],
  needs: ReadonlyMap<OrderedSource, readonly OrderedSource[]>,
): OrderedSource[] {
  const ordered: OrderedSource[] = [];
  const entered = new Set<OrderedSource>();
  for (const start of sources) {
    if (entered.has(start)) continue;
    const stack: { source: OrderedSource; next: number }[] = [];
    const enter = (source: OrderedSource): void => {
      entered.add(source);
      stack.push({ source, next: 0 });
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = needs.get(top.source)?.[top.next];
      top.next += 1;
      if (next === undefined) {
        ordered.push(top.source);
        stack.pop();
      } else if (!entered.has(next)) enter(next);
    }
  }
  return ordered;
}
