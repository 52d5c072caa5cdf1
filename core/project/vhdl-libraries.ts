// Which VHDL library each file is analysed into: as the project says; else, where a file names `lib.unit` and a file of
// the project declares that unit, that file belongs to lib; what such a file calls `work` lies with it, so do the
// entities of the components that its packages declare, and who calls `work` what lies there only.
import type { Diagnostic } from '@genrtl/contracts';
import type { SourceFacts } from '../filelist/source-facts.ts';
import type { VhdlFacts } from '../vhdl/units.ts';
import type { SelectedSource } from './select.ts';

/** Libraries that come with every tool. */
const STANDARD: ReadonlySet<string> = new Set(['std', 'ieee', 'work', 'synopsys', 'vital2000']);

/** Files that a note names. */
const SHOWN = 5;

export interface Libraries {
  of(path: string): string;
  readonly notes: readonly Diagnostic[];
}

export function assignLibraries(
  sources: readonly SelectedSource[],
  facts: (path: string) => SourceFacts | null,
): Libraries {
  const files = sources.flatMap(({ path, library }) => {
    const known = facts(path);
    return known?.language === 'vhdl' ? [{ path, library, facts: known }] : [];
  });
  const assigned = new Map<string, string>();
  const declares = new Map<string, (typeof files)[number][]>();
  for (const file of files) {
    if (file.library !== null) assigned.set(file.path, file.library);
    for (const name of declared(file.facts)) declares.set(name, [...(declares.get(name) ?? []), file]);
  }
  const inferred = new Set<string>();
  const put = (name: string, library: string): void => {
    for (const file of declares.get(name) ?? []) {
      if (assigned.has(file.path)) continue;
      assigned.set(file.path, library);
      inferred.add(library);
      queue.push(file);
    }
  };
  const queue = files.filter(({ path }) => assigned.has(path));
  for (const { facts: own } of files)
    for (const { library, unit } of own.names) if (!STANDARD.has(library)) put(unit, library);
  let at = 0;
  const spread = (): void => {
    for (; at < queue.length; at++) spreadFrom(queue[at]);
  };
  const spreadFrom = (file: (typeof files)[number] | undefined): void => {
    const library = file === undefined ? undefined : assigned.get(file.path);
    if (file === undefined || library === undefined || library === 'work') return;
    for (const { library: prefix, unit } of file.facts.names) if (prefix === 'work') put(unit, library);
    for (const name of file.facts.components) put(name, library);
    // architectures and bodies in files of their own
    for (const name of declared(file.facts))
      for (const other of files)
        if (!assigned.has(other.path) && other.facts.units.some(({ of }) => of === name)) {
          assigned.set(other.path, library);
          queue.push(other);
        }
  };
  spread();
  // who calls `work` what lies in one library only lies there as well
  for (let grown = true; grown; ) {
    grown = false;
    for (const file of files) {
      if (assigned.has(file.path)) continue;
      const library = libraryOfWork(file.facts, declares, assigned);
      if (library === null) continue;
      assigned.set(file.path, library);
      inferred.add(library);
      queue.push(file);
      grown = true;
    }
    spread();
  }
  const notes = [...inferred].sort().map((library): Diagnostic => {
    const own = files.filter(({ path }) => assigned.get(path) === library).map(({ path }) => path);
    const shown = own.slice(0, SHOWN).join(', ');
    return {
      tool: 'genrtl',
      severity: 'info',
      code: 'LIBRARY_INFERRED',
      message: `Files of library ${library}, as library clauses tell: ${shown}${own.length > SHOWN ? ` and ${own.length - SHOWN} more` : ''}.`,
    };
  });
  return { of: (path) => assigned.get(path) ?? 'work', notes };
}

/** The library in which everything lies that the file calls `work`; null: there is none, or more than one. */
function libraryOfWork(
  { names }: VhdlFacts,
  declares: ReadonlyMap<string, readonly { readonly path: string }[]>,
  assigned: ReadonlyMap<string, string>,
): string | null {
  const found = new Set<string | undefined>();
  for (const { library, unit } of names)
    if (library === 'work') for (const { path } of declares.get(unit) ?? []) found.add(assigned.get(path));
  const [only] = found;
  return found.size === 1 && only !== undefined && only !== 'work' ? only : null;
}

const declared = ({ units }: VhdlFacts): string[] =>
  units.filter(({ kind }) => kind !== 'architecture' && kind !== 'package_body').map(({ name }) => name);
