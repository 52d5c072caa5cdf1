// Which design units VHDL text declares and which ones it needs. A scanner of tokens, no parser: enough for the order
// of analysis, libraries and tops of files that may not even compile. Linear time, never throws. Names are lowercase;
// extended identifiers keep their backslashes and letter case.

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
}

interface VhdlToken {
  readonly text: string;
  readonly word: boolean;
  readonly line: number;
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\n]|"")*"?|\\(?:[^\\\n]|\\\\)*\\|[A-Za-z][A-Za-z0-9_]*|'(?:[^'\n]')?|\d[\w.#]*|\n|[^\s]/g;

function tokensOf(text: string): VhdlToken[] {
  const tokens: VhdlToken[] = [];
  let line = 1;
  for (const [piece] of text.matchAll(TOKEN)) {
    const first = piece.charCodeAt(0);
    if (first === 10) line += 1;
    else if (piece.startsWith('--')) continue;
    else if (piece.startsWith('/*')) line += piece.split('\n').length - 1;
    else if (first === 34 || first === 39 || (first >= 48 && first <= 57))
      tokens.push({ text: piece, word: false, line });
    else {
      const letter = (first >= 65 && first <= 90) || (first >= 97 && first <= 122);
      tokens.push({ text: letter ? piece.toLowerCase() : piece, word: letter || piece.length > 1, line });
    }
  }
  return tokens;
}

/** Words behind `label :` that begin a statement or a declaration, never the name of an instantiated component. */
const NO_COMPONENT: ReadonlySet<string> = new Set(
  `process block if for while loop case assert postponed with entity component configuration in out inout buffer linkage
  signal variable constant file shared type array procedure function report wait exit next return null`.split(/\s+/),
);

export function readVhdl(text: string): VhdlFacts {
  const tokens = tokensOf(text);
  const libraries = new Set<string>(['work']);
  const units: VhdlUnit[] = [];
  const names = new Map<string, UnitName>();
  const instances: { of: string; unit: string }[] = [];
  let entity = '';
  const name = (at: number): string | null => {
    const token = tokens[at];
    return token?.word === true ? token.text : null;
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (!token.word) continue;
    const before = tokens[at - 1]?.text ?? ';';
    const next = name(at + 1);
    if (token.text === 'library' && before !== '.') {
      for (let index = at + 1; tokens[index] !== undefined && tokens[index]?.text !== ';'; index++) {
        const library = name(index);
        if (library !== null) libraries.add(library);
      }
    } else if (before !== 'end' && before !== ':' && before !== '.' && before !== 'use' && next !== null) {
      const unit = unitAt(tokens, at, name);
      if (unit !== null) {
        units.push(unit);
        if (unit.kind === 'architecture') entity = unit.of;
      }
    }
    // `lib.unit`
    if (tokens[at + 1]?.text === '.' && before !== '.' && libraries.has(token.text)) {
      const selected = name(at + 2);
      if (selected !== null && selected !== 'all')
        names.set(`${token.text}.${selected}`, { library: token.text, unit: selected });
    }
    if (before === ':' && tokens[at - 2]?.word === true) {
      const unit = instanceAt(tokens, at, name);
      if (unit !== null) instances.push({ of: entity, unit });
    }
  }
  return { language: 'vhdl', units, names: [...names.values()], instances, libraries: [...libraries] };
}

function unitAt(tokens: readonly VhdlToken[], at: number, name: (at: number) => string | null): VhdlUnit | null {
  const token = tokens[at];
  const first = name(at + 1);
  if (token === undefined || first === null) return null;
  const is = (index: number, word: string): boolean => tokens[index]?.text === word;
  const unit = (kind: UnitKind, own: string, of = '', ports = false): VhdlUnit => ({
    kind,
    name: own,
    of,
    line: token.line,
    ports,
  });
  switch (token.text) {
    case 'entity':
      return is(at + 2, 'is') ? unit('entity', first, '', hasPorts(tokens, at + 3)) : null;
    case 'architecture':
    case 'configuration': {
      const of = name(at + 3);
      return is(at + 2, 'of') && of !== null && is(at + 4, 'is') ? unit(token.text, first, of) : null;
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
    const text = tokens[at]?.text;
    if (text === 'port' && tokens[at + 1]?.text === '(') return true;
    if (text === 'end' || text === 'architecture' || text === 'begin') return false;
  }
  return false;
}

function instanceAt(tokens: readonly VhdlToken[], at: number, name: (at: number) => string | null): string | null {
  const word = tokens[at]?.text ?? '';
  if (word === 'component') return name(at + 1);
  if (word === 'entity' || word === 'configuration') return tokens[at + 2]?.text === '.' ? name(at + 3) : name(at + 1);
  if (NO_COMPONENT.has(word)) return null;
  const after = tokens[at + 1]?.text;
  const maps = after === 'port' || after === 'generic' ? tokens[at + 2]?.text === 'map' : after === ';';
  return maps ? word : null;
}
