// What order, include path and tops of a design follow from, read once from the text of each source.
import { codeOf, lex } from '../hdl/lexer.ts';
import type { Token } from '../hdl/lexer.ts';
import { scanElements } from '../hdl/modules.ts';
import type { ScannedModule } from '../hdl/modules.ts';
import { readVhdl } from '../vhdl/units.ts';
import type { VhdlFacts } from '../vhdl/units.ts';

export interface SourceText {
  /** relative to the workspace root */
  readonly path: string;
  readonly text: string;
}

export interface IncludeDirective {
  /** as it stands between the quotes */
  readonly name: string;
  /** from 1 */
  readonly line: number;
}

export interface VerilogFacts {
  readonly language: 'verilog';
  readonly includes: readonly IncludeDirective[];
  /** macros that the text defines; false: only where nobody has before (`` `ifndef X … `define X ``) */
  readonly defines: ReadonlyMap<string, boolean>;
  /** macros that are used before the text defines them, in bodies of other macros too */
  readonly expands: ReadonlySet<string>;
  /** macros that are asked for in conditionals before the text defines them */
  readonly tests: ReadonlySet<string>;
  readonly packages: readonly string[];
  readonly packageUses: ReadonlySet<string>;
  readonly modules: readonly ScannedModule[];
  /** nothing but directives and comments */
  readonly directivesOnly: boolean;
}

export type SourceFacts = VerilogFacts | VhdlFacts;
export type SourceLanguage = SourceFacts['language'];

const VHDL = /\.(?:vhdl?|vho)$/i;
const VERILOG = /\.(?:sv|v|vlg|verilog|svp|vp)$/i;
const HEADER = /\.(?:svh|vh|svi|vinc)$/i;

/** The language that a file is compiled as; null: no source by its name. */
export function sourceLanguage(path: string): SourceLanguage | null {
  return VHDL.test(path) ? 'vhdl' : VERILOG.test(path) ? 'verilog' : null;
}

/** Files that are read by others' `` `include ``, never compiled by themselves unless somebody lists them. */
export const isHeader = (path: string): boolean => HEADER.test(path);

/** Sources and headers by their names. */
export const isHdlSource = (path: string): boolean => sourceLanguage(path) !== null || isHeader(path);

export function readFacts({ path, text }: SourceText): SourceFacts {
  return sourceLanguage(path) === 'vhdl' ? readVhdl(text) : readVerilog(text);
}

const USE = /`([A-Za-z_][\w$]*)/g;

function readVerilog(text: string): VerilogFacts {
  const includes: IncludeDirective[] = [];
  const defines = new Map<string, boolean>();
  const expands = new Set<string>();
  const tests = new Set<string>();
  const packages: string[] = [];
  const packageUses = new Set<string>();
  const code: Token[] = [];
  /** macros whose `ifndef is open */
  const absent: (string | null)[] = [];
  const use = (name: string): void => {
    if (!defines.has(name)) expands.add(name);
  };
  for (const token of lex(text)) {
    if (token.kind === 'comment' || token.kind === 'attribute') continue;
    if (token.kind === 'directive') readDirective(token);
    else {
      if (token.kind === 'macro') use(token.text.slice(1));
      code.push(token);
    }
  }

  function readDirective(token: Token): void {
    const rest = text.slice(token.start + token.text.length, token.end).trim();
    switch (token.text) {
      case '`include': {
        const named = /^["<]([^">\n]*)[">]$/.exec(rest)?.[1];
        if (named !== undefined) includes.push({ name: named, line: token.line });
        else if (rest.startsWith('`')) use(rest.slice(1));
        return;
      }
      case '`define': {
        const name = /^\\?([^\s(]+)/.exec(rest)?.[1];
        if (name === undefined) return;
        const body = rest.slice(name.length);
        for (const [, used] of body.matchAll(USE)) if (used !== undefined && used !== name) use(used);
        if (body.includes('::')) addPackageUses(codeOf(body), packageUses);
        if (defines.get(name) !== true) defines.set(name, !absent.includes(name));
        return;
      }
      case '`ifdef':
      case '`ifndef':
      case '`elsif': {
        const name = rest.replace(/^[\\`]/, '');
        if (!defines.has(name)) tests.add(name);
        if (token.text === '`elsif') absent.pop();
        absent.push(token.text === '`ifndef' ? name : null);
        return;
      }
      case '`else':
        absent.pop();
        absent.push(null);
        return;
      case '`endif':
        absent.pop();
        return;
    }
  }

  code.forEach((token, at) => {
    if (token.kind !== 'word' || token.text !== 'package') return;
    let next = at + 1;
    while (code[next]?.text === 'automatic' || code[next]?.text === 'static') next += 1;
    const name = code[next];
    if ((name?.kind === 'word' || name?.kind === 'escaped') && code[next + 1]?.text === ';') packages.push(name.text);
  });
  addPackageUses(code, packageUses);
  return {
    language: 'verilog',
    includes,
    defines,
    expands,
    tests,
    packages,
    packageUses,
    modules: scanElements(code),
    directivesOnly: code.length === 0,
  };
}

function addPackageUses(code: readonly Token[], uses: Set<string>): void {
  for (let at = 1; at < code.length; at++) {
    const name = code[at - 1];
    if (code[at]?.text === '::' && (name?.kind === 'word' || name?.kind === 'escaped')) uses.add(name.text);
  }
}
