// Compiler directives: which words are directives, and how far each reaches.

/** What stands behind the word: nothing, a name, a file name, the rest of the line, or a macro's definition. */
export type DirectiveForm = 'alone' | 'name' | 'file' | 'line' | 'define';

const FORMS: ReadonlyMap<string, DirectiveForm> = new Map<string, DirectiveForm>([
  ['`define', 'define'],
  ['`undef', 'name'],
  ['`undefineall', 'alone'],
  ['`ifdef', 'name'],
  ['`ifndef', 'name'],
  ['`elsif', 'name'],
  ['`else', 'alone'],
  ['`endif', 'alone'],
  ['`include', 'file'],
  ['`timescale', 'line'],
  ['`default_nettype', 'name'],
  ['`default_decay_time', 'name'],
  ['`default_trireg_strength', 'name'],
  ['`delay_mode_distributed', 'alone'],
  ['`delay_mode_path', 'alone'],
  ['`delay_mode_unit', 'alone'],
  ['`delay_mode_zero', 'alone'],
  ['`pragma', 'line'],
  ['`line', 'line'],
  ['`resetall', 'alone'],
  ['`celldefine', 'alone'],
  ['`endcelldefine', 'alone'],
  ['`begin_keywords', 'line'],
  ['`end_keywords', 'alone'],
  ['`unconnected_drive', 'name'],
  ['`nounconnected_drive', 'alone'],
  ['`protect', 'alone'],
  ['`endprotect', 'alone'],
  ['`protected', 'alone'],
  ['`endprotected', 'alone'],
  ['`verilator_config', 'alone'],
  ['`verilog', 'alone'],
  ['`systemc_ctor', 'alone'],
  ['`systemc_dtor', 'alone'],
  ['`systemc_header', 'alone'],
  ['`systemc_imp_header', 'alone'],
  ['`systemc_implementation', 'alone'],
  ['`systemc_interface', 'alone'],
]);

/** The form of a directive, `` `word `` with its backquote; null: a macro's name. */
export const compilerDirective = (word: string): DirectiveForm | null => FORMS.get(word) ?? null;

const NAME = /[ \t]*(?:\\[^\s]+|`?[A-Za-z_][\w$]*|\d+)/y;
const FILE = /[ \t]*(?:"[^"\n]*"|<[^>\n]*>|`[A-Za-z_][\w$]*)/y;

/** Where the directive ends whose word ends at `from`. */
export function directiveEnd(source: string, from: number, form: DirectiveForm): number {
  if (form === 'alone') return from;
  if (form === 'line') return lineEnd(source, from);
  if (form === 'define') return definitionEnd(source, from);
  const pattern = form === 'name' ? NAME : FILE;
  pattern.lastIndex = from;
  return from + (pattern.exec(source)?.[0].length ?? 0);
}

/** Before the end of the line, or before a comment on it. */
function lineEnd(source: string, from: number): number {
  for (let at = from; at < source.length; at++) {
    const code = source.charCodeAt(at);
    const next = source.charCodeAt(at + 1);
    if (code === 10 || (code === 47 && (next === 47 || next === 42))) return at;
  }
  return source.length;
}

const FORMAL = /[ \t]*[A-Za-z_][\w$]*\(/y;
/** A list of formal arguments is no longer. */
const MAX_FORMALS = 10_000;

/** Behind the formal arguments of a macro, which may stand on several lines; `from` where there are none. */
function formalsEnd(source: string, from: number): number {
  FORMAL.lastIndex = from;
  const lead = FORMAL.exec(source)?.[0];
  if (lead === undefined) return from;
  let depth = 1;
  for (let at = from + lead.length; at < Math.min(source.length, from + MAX_FORMALS); at++) {
    const code = source.charCodeAt(at);
    if (code === 40) depth += 1;
    else if (code === 41 && --depth === 0) return at + 1;
    else if (code === 96) return from;
  }
  return from;
}

/**
 * The end of the line and of the lines that `\` joins to it; a block comment carries the line on, a line comment ends
 * it.
 */
function definitionEnd(source: string, from: number): number {
  for (let at = formalsEnd(source, from); at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === 10) return at;
    if (code === 92) {
      // the newline behind `\`, with a carriage return before it
      if (source.charCodeAt(at + 1) === 13 && source.charCodeAt(at + 2) === 10) at += 2;
      else at += 1;
    } else if (code === 34) {
      for (at += 1; at < source.length && source.charCodeAt(at) !== 34 && source.charCodeAt(at) !== 10; at++)
        if (source.charCodeAt(at) === 92) at += 1;
      if (source.charCodeAt(at) === 10) return at;
    } else if (code === 47 && source.charCodeAt(at + 1) === 42) {
      const end = source.indexOf('*/', at + 2);
      if (end === -1) return source.length;
      at = end + 1;
    } else if (code === 47 && source.charCodeAt(at + 1) === 47) {
      const newline = source.indexOf('\n', at);
      if (newline === -1) return source.length;
      // `\` at the end of a line comment still joins the next line to the definition
      const last = source.charCodeAt(newline - 1) === 13 ? newline - 2 : newline - 1;
      if (source.charCodeAt(last) !== 92) return newline;
      at = newline;
    }
  }
  return source.length;
}
