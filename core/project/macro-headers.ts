// Headers that nobody includes although sources use their macros: in such projects somebody names them before the
// sources. They are compiled first, where the macro is to be had in one header only.
import type { Diagnostic } from '@genrtl/contracts';
import type { VerilogFacts } from '../filelist/source-facts.ts';

/** Any ending that headers have; what it defines is told by its text. */
const HEADER = /\.(?:svh|vh|svi|vinc|h|inc|def|defines?)$/i;
/** Headers whose text is looked at. */
const MAX_HEADERS = 500;
/** Macros that a note names. */
const SHOWN = 5;

export interface MacroHeaders {
  readonly headers: readonly string[];
  readonly notes: readonly Diagnostic[];
}

export interface MacroHeadersInput {
  /** compiled files */
  readonly roots: readonly string[];
  /** every file of the workspace */
  readonly files: readonly string[];
  readonly included: ReadonlySet<string>;
  /** headers of the project, by their place */
  isOurs(path: string): boolean;
  facts(path: string): VerilogFacts | null;
  /** what a file includes, directly and through others */
  includes(path: string): readonly VerilogFacts[];
  /** of the project and its lists */
  readonly defines: ReadonlySet<string>;
}

export function macroHeaders(input: MacroHeadersInput): MacroHeaders {
  const missing = missingMacros(input);
  if (missing.size === 0) return { headers: [], notes: [] };
  const roots = new Set(input.roots);
  const idle = input.files
    .filter((path) => HEADER.test(path) && !roots.has(path) && !input.included.has(path) && input.isOurs(path))
    .slice(0, MAX_HEADERS);
  const givers = new Map<string, string[]>();
  for (const path of idle) {
    const text = input.facts(path);
    // what holds more than directives is a part of some file
    if (text === null || !text.directivesOnly) continue;
    for (const name of text.defines.keys())
      if (missing.has(name)) givers.set(name, [...(givers.get(name) ?? []), path]);
  }
  const chosen = new Map<string, string[]>();
  const notes: Diagnostic[] = [];
  for (const [name, paths] of givers) {
    const [only] = paths;
    if (only !== undefined && paths.length === 1) chosen.set(only, [...(chosen.get(only) ?? []), name]);
  }
  for (const [name, paths] of givers) {
    if (paths.length === 1 || paths.some((path) => chosen.has(path))) continue;
    notes.push({
      tool: 'genrtl',
      severity: 'warning',
      code: 'MACRO_HEADERS',
      message: `${paths.join(' and ')} define the macro ${name}, and no source includes one of them: name the right one in rtl.files.`,
    });
  }
  for (const [path, names] of chosen)
    notes.push({
      tool: 'genrtl',
      severity: 'info',
      code: 'MACRO_HEADER',
      message: `${path} is compiled before the files that use its macros without including it: ${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''}.`,
      file: path,
    });
  return { headers: [...chosen.keys()].sort(), notes };
}

/** Macros that sources expand and that neither they, nor what they include, nor another source defines. */
function missingMacros({ roots, facts, includes, defines }: MacroHeadersInput): Set<string> {
  const given = new Set(defines);
  const wanted = new Set<string>();
  for (const path of roots)
    for (const text of [facts(path), ...includes(path)]) {
      if (text === null) continue;
      for (const name of text.defines.keys()) given.add(name);
      for (const name of text.expands) wanted.add(name);
    }
  for (const name of given) wanted.delete(name);
  return wanted;
}
