// Which design units VHDL text declares and which ones it needs. A scanner of tokens, no parser: enough for the order
// of analysis, libraries and tops of files that may not even compile. Linear time, never throws. Names are lowercase;
// extended identifiers keep their backslashes and letter case.
import { lexVhdl } from './lexer.ts';
import type { VhdlToken } from './lexer.ts';

export type UnitKind = 'entity' | 'architecture' | 'package' | 'package_body' | 'configuration' | 'context';

export interface VhdlUnit {
  readonly kind: UnitKind;
  readonly name: string;
  /** of an architecture or configuration its entity, of a package body its package; '' otherwise */
  readonly of: string;
  /** from 1 */
  readonly line: number;
  /** an entity with ports: no testbench */
  readonly ports: boolean;
}

/** A unit of a library by selected name, `work.p`, wherever it stands. */
export interface UnitName {
  readonly library: string;
  readonly unit: string;
}

export interface VhdlFacts {
  readonly language: 'vhdl';
  readonly units: readonly VhdlUnit[];
  /** selected names whose prefix is `work` or a library that the file names in a library clause */
  readonly names: readonly UnitName[];
  /** `label : name port map …` and `label : entity lib.name`, with the architecture's entity that they stand in */
  readonly instances: readonly { readonly of: string; readonly unit: string }[];
  readonly libraries: readonly string[];
  /** components that its packages declare: stand for entities, by default of the package's library */
  readonly components: readonly string[];
}

/** Words behind `label :` that begin a statement or a declaration, never the name of an instantiated component. */
const NO_COMPONENT: ReadonlySet<string> = new Set(
  `process block if for while loop case assert postponed with entity component configuration in out inout buffer linkage
  signal variable constant file shared type array procedure function report wait exit next return null`.split(/\s+/),
);

export function readVhdl(text: string): VhdlFacts {
  const tokens = lexVhdl(text).filter(({ kind }) => kind !== 'comment');
  const libraries = new Set<string>(['work']);
  const units: VhdlUnit[] = [];
  const names = new Map<string, UnitName>();
  const instances: { of: string; unit: string }[] = [];
  const components = new Set<string>();
  let entity = '';
  let inPackage = false;
  const name = (at: number): string | null => {
    const token = tokens[at];
    return token?.kind === 'word' ? token.key : null;
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.kind !== 'word') continue;
    const before = tokens[at - 1]?.key ?? ';';
    const next = name(at + 1);
    if (token.key === 'library' && before !== '.') {
      for (let index = at + 1; tokens[index] !== undefined && tokens[index]?.key !== ';'; index++) {
        const library = name(index);
        if (library !== null) libraries.add(library);
      }
    } else if (before !== 'end' && before !== ':' && before !== '.' && before !== 'use' && next !== null) {
      const unit = unitAt(tokens, at, name);
      if (unit !== null) {
        units.push(unit);
        if (unit.kind === 'architecture') entity = unit.of;
        inPackage = unit.kind === 'package';
      } else if (token.key === 'component' && inPackage) components.add(next);
    }
    // `lib.unit`
    if (tokens[at + 1]?.key === '.' && before !== '.' && libraries.has(token.key)) {
      const selected = name(at + 2);
      if (selected !== null && selected !== 'all')
        names.set(`${token.key}.${selected}`, { library: token.key, unit: selected });
    }
    if (before === ':' && tokens[at - 2]?.kind === 'word') {
      const unit = instanceAt(tokens, at, name);
      if (unit !== null) instances.push({ of: entity, unit });
    }
  }
  return {
    language: 'vhdl',
    units,
    names: [...names.values()],
    instances,
    libraries: [...libraries],
    components: [...components],
  };
}

function unitAt(tokens: readonly VhdlToken[], at: number, name: (at: number) => string | null): VhdlUnit | null {
  const token = tokens[at];
  const first = name(at + 1);
  if (token === undefined || first === null) return null;
  const is = (index: number, word: string): boolean => tokens[index]?.key === word;
  const unit = (kind: UnitKind, own: string, of = '', ports = false): VhdlUnit => ({
    kind,
    name: own,
    of,
    line: token.line,
    ports,
  });
  switch (token.key) {
    case 'entity':
      return is(at + 2, 'is') ? unit('entity', first, '', hasPorts(tokens, at + 3)) : null;
    case 'architecture':
    case 'configuration': {
      const of = name(at + 3);
      return is(at + 2, 'of') && of !== null && is(at + 4, 'is') ? unit(token.key, first, of) : null;
    }
    case 'package': {
      if (first !== 'body') return is(at + 2, 'is') ? unit('package', first) : null;
      const own = name(at + 2);
      return own !== null && is(at + 3, 'is') ? unit('package_body', own, own) : null;
    }
    case 'context':
      return is(at + 2, 'is') ? unit('context', first) : null;
    default:
      return null;
  }
}

/** `port (` before the entity ends. */
function hasPorts(tokens: readonly VhdlToken[], from: number): boolean {
  for (let at = from; at < tokens.length; at++) {
    const text = tokens[at]?.key;
    if (text === 'port' && tokens[at + 1]?.key === '(') return true;
    if (text === 'end' || text === 'architecture' || text === 'begin') return false;
  }
  return false;
}

function instanceAt(tokens: readonly VhdlToken[], at: number, name: (at: number) => string | null): string | null {
  const word = tokens[at]?.key ?? '';
  if (word === 'component') return name(at + 1);
  if (word === 'entity' || word === 'configuration') return tokens[at + 2]?.key === '.' ? name(at + 3) : name(at + 1);
  if (NO_COMPONENT.has(word)) return null;
  const after = tokens[at + 1]?.key;
  const maps = after === 'port' || after === 'generic' ? tokens[at + 2]?.key === 'map' : after === ';';
  return maps ? word : null;
}
