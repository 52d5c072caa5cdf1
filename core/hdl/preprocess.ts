// What a tool sees of Verilog text once directives and macros are done, with the way by which each token came there.
// Files are read in order as one compilation unit, as simulators read them. Two modes: with the definitions given, as a
// tool would, or through both branches of every conditional with every definition of every macro, for judging whatever
// could become code under any setting.
import type { Place, Token } from './lexer.ts';
import { lex } from './lexer.ts';
import { MacroTable, readDefinition } from './macros.ts';

export interface SeenToken extends Token {
  /** where it stands; of a token out of a macro, where the outermost macro is used. Offsets are those of that use */
  readonly file: string;
  /** the file of the list that it came in by: itself, or what includes it */
  readonly root: string;
  /** the definitions that it came through, the innermost last; empty: it stands in the file as it is */
  readonly via: readonly Place[];
}

export interface SeenConditional extends Place {
  readonly directive: '`ifdef' | '`ifndef' | '`elsif';
  readonly macro: string;
  readonly root: string;
  readonly via: readonly Place[];
}

export interface Preprocessed {
  /** code, and the directives that survive (`` `timescale ``, `` `default_nettype `` …) as kind `directive` */
  readonly tokens: readonly SeenToken[];
  readonly conditionals: readonly SeenConditional[];
  /** every directive of whatever kind, where it stands */
  readonly directives: readonly SeenToken[];
  readonly comments: readonly SeenToken[];
  readonly attributes: readonly SeenToken[];
  /** includes by the name that they give; `path` null: not found */
  readonly includes: readonly (Place & {
    readonly name: string;
    readonly path: string | null;
    readonly root: string;
  })[];
  /** macros that are defined at the end */
  readonly macros: MacroTable;
  /** what could not be followed: macros without definition, too deep or too large */
  readonly problems: readonly (Place & { readonly message: string })[];
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface PreprocessOptions {
  readonly mode: 'as_defined' | 'every_branch';
  /** by name without backquote; null: defined without a text */
  readonly defines?: Readonly<Record<string, string | null>>;
  /** the file that an include means, or null */
  readonly include?: (name: string, from: string) => SourceFile | null;
  /** tokens that are made at most before the rest is given up; default two million */
  readonly maxTokens?: number;
}

/** Deeper nesting is a loop. */
const MAX_DEPTH = 64;
const MAX_TOKENS = 2_000_000;

/** Pure; time is linear in the text that comes out. */
export function preprocess(files: readonly SourceFile[], options: PreprocessOptions): Preprocessed {
  const run = new Preprocessor(options);
  for (const file of files) run.file(file);
  return run.result();
}

/** One open conditional. */
interface Branch {
  /** the surrounding text is live */
  readonly outer: boolean;
  /** a branch of it was taken already */
  taken: boolean;
  live: boolean;
}

class Preprocessor {
  readonly #every: boolean;
  readonly #options: PreprocessOptions;
  readonly #macros = new MacroTable();
  readonly #tokens: SeenToken[] = [];
  readonly #conditionals: SeenConditional[] = [];
  readonly #directives: SeenToken[] = [];
  readonly #comments: SeenToken[] = [];
  readonly #attributes: SeenToken[] = [];
  readonly #includes: Preprocessed['includes'][number][] = [];
  readonly #problems: Preprocessed['problems'][number][] = [];
  /** files by path with the macro table's version at which they were read last */
  readonly #read = new Map<string, number>();
  readonly #open: Branch[] = [];
  #live = true;
  #given: number;
  #gaveUp = false;

  constructor(options: PreprocessOptions) {
    this.#options = options;
    this.#every = options.mode === 'every_branch';
    this.#given = options.maxTokens ?? MAX_TOKENS;
    for (const [name, text] of Object.entries(options.defines ?? {}))
      this.#macros.define({ name, formals: null, body: text ?? '', place: { file: '', line: 1 } }, this.#every);
  }

  file({ path, text }: SourceFile): void {
    this.#text(text, lex(text), { file: path, root: path, via: [], use: null, depth: 0 });
  }

  result(): Preprocessed {
    return {
      tokens: this.#tokens,
      conditionals: this.#conditionals,
      directives: this.#directives,
      comments: this.#comments,
      attributes: this.#attributes,
      includes: this.#includes,
      macros: this.#macros,
      problems: this.#problems,
    };
  }

  #text(text: string, tokens: readonly Token[], from: Origin): void {
    for (let index = 0; index < tokens.length; index++) {
      const token = tokens[index];
      if (token === undefined) break;
      if (this.#given <= 0) {
        if (!this.#gaveUp) this.#problem({ file: from.file, line: token.line }, 'the source grows without end');
        this.#gaveUp = true;
        return;
      }
      const seen = seenToken(token, from);
      if (token.kind === 'directive') this.#directive(seen, text, token, from);
      else if (!this.#live) continue;
      else if (token.kind === 'comment') this.#comments.push(seen);
      else if (token.kind === 'attribute') this.#attributes.push(seen);
      else if (token.kind === 'macro') index = this.#macroUse(seen, text, tokens, index, from);
      else this.#push(seen);
    }
  }

  #push(token: SeenToken): void {
    this.#given -= 1;
    this.#tokens.push(token);
  }

  #problem({ file, line }: Place, message: string): void {
    this.#problems.push({ file, line, message });
  }

  #directive(seen: SeenToken, text: string, token: Token, from: Origin): void {
    const rest = text.slice(token.start + token.text.length, token.end).trim();
    switch (token.text) {
      case '`ifdef':
      case '`ifndef':
      case '`elsif':
        this.#conditional(token.text, nameOf(rest), seen);
        break;
      case '`else':
        this.#branch(true);
        break;
      case '`endif':
        this.#close();
        break;
      default:
        if (!this.#live) return;
        this.#liveDirective(seen, rest, from);
    }
    this.#directives.push({ ...seen, text: `${token.text} ${rest}`.trim() });
  }

  #liveDirective(seen: SeenToken, rest: string, from: Origin): void {
    switch (seen.text) {
      case '`define': {
        const macro = readDefinition(rest, seen);
        if (macro !== null) this.#macros.define(macro, this.#every);
        break;
      }
      case '`undef':
        if (!this.#every) this.#macros.undefine(nameOf(rest));
        break;
      case '`undefineall':
        if (!this.#every) this.#macros.clear();
        break;
      case '`include':
        this.#include(seen, rest, from);
        break;
      default:
        this.#push({ ...seen, text: `${seen.text} ${rest}`.trim() });
    }
  }

  #conditional(directive: SeenConditional['directive'], macro: string, { file, line, root, via }: SeenToken): void {
    const outer = directive === '`elsif' ? (this.#open.at(-1)?.outer ?? true) : this.#live;
    if (outer) this.#conditionals.push({ directive, macro, file, line, root, via });
    if (directive === '`elsif') {
      this.#branch(this.#macros.has(macro));
      return;
    }
    const holds = this.#macros.has(macro) === (directive === '`ifdef');
    this.#open.push({ outer, taken: holds, live: holds });
    this.#settle();
  }

  /** The next branch of the innermost conditional, live if `holds` and none before it was. */
  #branch(holds: boolean): void {
    const open = this.#open.at(-1);
    if (open === undefined) return;
    open.live = holds && !open.taken;
    open.taken ||= holds;
    this.#settle();
  }

  #close(): void {
    this.#open.pop();
    this.#settle();
  }

  #settle(): void {
    const open = this.#open.at(-1);
    this.#live = open === undefined || this.#every || (open.outer && open.live);
  }

  #include(seen: SeenToken, rest: string, from: Origin): void {
    const named = /^["<]([^">\n]*)[">]$/.exec(rest)?.[1] ?? this.#includedByMacro(rest);
    const found = named === null ? null : (this.#options.include?.(named, from.file) ?? null);
    const { file, line, root } = seen;
    this.#includes.push({ file, line, root, name: named ?? rest, path: found?.path ?? null });
    if (found === null) return;
    if (from.depth >= MAX_DEPTH) {
      this.#problem(seen, `${named} is included without end`);
      return;
    }
    // with every branch taken a guard does not stop a second reading; it could only add what other definitions make
    if (this.#every && this.#read.get(found.path) === this.#macros.version) return;
    this.#read.set(found.path, this.#macros.version);
    this.#text(found.text, lex(found.text), {
      file: found.path,
      root: from.root,
      via: [],
      use: null,
      depth: from.depth + 1,
    });
    if (this.#every) this.#read.set(found.path, this.#macros.version);
  }

  /** `` `include `FILE `` */
  #includedByMacro(rest: string): string | null {
    if (!rest.startsWith('`')) return null;
    const [macro] = this.#macros.get(rest.slice(1));
    return macro === undefined ? null : (/^\s*["<]([^">\n]*)[">]\s*$/.exec(macro.body)?.[1] ?? null);
  }

  /** Expands the macro used at `index` and returns the index of the last token of its use. */
  #macroUse(seen: SeenToken, text: string, tokens: readonly Token[], index: number, from: Origin): number {
    const name = seen.text.slice(1);
    if (name === '__FILE__' || name === '__LINE__') {
      this.#directives.push({ ...seen, kind: 'directive' });
      this.#push({ ...seen, kind: name === '__FILE__' ? 'string' : 'number', text: name === '__FILE__' ? '""' : '0' });
      return index;
    }
    // a macro of macros may grow without end although no token comes out
    this.#given -= 1;
    const definitions = this.#macros.get(name);
    if (definitions.length === 0) {
      // a macro of a tool, or a misspelt one: no code of ours is hidden in it
      this.#problem(seen, `the macro ${name} is defined nowhere`);
      this.#push(seen);
      return index;
    }
    if (from.depth >= MAX_DEPTH || from.via.length >= MAX_DEPTH) {
      this.#problem(seen, `the macro ${name} expands without end`);
      return index;
    }
    const needsActuals = definitions.some(({ formals }) => formals !== null);
    const next = tokens[index + 1];
    const call =
      needsActuals && next?.text === '(' && next.kind === 'operator' ? actualsOf(text, tokens, index + 1) : null;
    for (const macro of definitions) {
      const body = macro.formals === null ? macro.body : macro.expand(call?.actuals ?? []);
      const use = from.use ?? { file: seen.file, line: seen.line, start: seen.start, end: seen.end };
      this.#text(body, lex(body), {
        file: from.file,
        root: from.root,
        via: [...from.via, macro.place],
        use,
        depth: from.depth + 1,
      });
    }
    return call === null ? index : call.last;
  }
}

/** Where tokens come from that are being read now. */
interface Origin {
  readonly file: string;
  readonly root: string;
  readonly via: readonly Place[];
  /** the outermost macro's use, while inside one */
  readonly use: (Place & { readonly start: number; readonly end: number }) | null;
  readonly depth: number;
}

function seenToken(token: Token, { file, root, via, use }: Origin): SeenToken {
  const { kind, text } = token;
  const { start, end, line } = use ?? token;
  return { kind, text, start, end, line, file: use?.file ?? file, root, via };
}

const nameOf = (rest: string): string => /^\\?([^\s]+)/.exec(rest)?.[1]?.replace(/^`/, '') ?? '';

/** The actual arguments between brackets, as texts, and the index of the closing one. */
function actualsOf(text: string, tokens: readonly Token[], open: number): { actuals: string[]; last: number } {
  const actuals: string[] = [];
  let depth = 0;
  let from = tokens[open]?.end ?? 0;
  for (let index = open; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.kind !== 'operator') continue;
    if (token.text === '(' || token.text === '[' || token.text === '{') depth += 1;
    else if (token.text === ')' || token.text === ']' || token.text === '}') {
      depth -= 1;
      if (depth > 0) continue;
      actuals.push(text.slice(from, token.start).trim());
      return { actuals, last: index };
    } else if (token.text === ',' && depth === 1) {
      actuals.push(text.slice(from, token.start).trim());
      from = token.end;
    }
  }
  return { actuals, last: tokens.length - 1 };
}
