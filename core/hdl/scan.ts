// What order, include path and tops follow from, of one (System)Verilog source. Instead of tokens one expression finds
// the next place that may matter, so most of a text is passed over without a step of this program: opening a workspace
// waits for this. Tells what a row of tokens would (scan.test.ts); linear time on any text, never throws.
import { compilerDirective, directiveEnd } from './directives.ts';
import { KEYWORDS } from './keywords.ts';
import { after, before, codeOf, isAttribute, isWord, stringEnd } from './lexer.ts';

export type DesignElement = 'module' | 'interface' | 'program';

/** A module as its own file tells it: what it names may or may not be modules of other files. */
export interface ScannedModule {
  readonly name: string;
  readonly kind: DesignElement;
  /** from 1 */
  readonly line: number;
  /** words in the place of an instance's type */
  readonly words: ReadonlySet<string>;
  readonly hasPorts: boolean;
  /** says PASS or ends the simulation: the code of a testbench */
  readonly decides: boolean;
}

export interface IncludeDirective {
  /** as it stands between the quotes */
  readonly name: string;
  /** from 1 */
  readonly line: number;
}

export interface ScannedSource {
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
  /** `bind of unit name (…)`: unit stands in `of`, wherever the text does */
  readonly binds: readonly { readonly of: string; readonly unit: string }[];
  /** nothing but directives and comments */
  readonly directivesOnly: boolean;
}

const OPENERS: ReadonlyMap<string, DesignElement> = new Map([
  ['module', 'module'],
  ['macromodule', 'module'],
  ['interface', 'interface'],
  ['program', 'program'],
]);

/** What stands between two names most often; the others are told by KEYWORDS, once the expression has stopped there. */
const FREQUENT = `always always_comb always_ff and assign automatic begin bit case default else end endcase enum for
  function genvar if initial inout input int integer localparam logic negedge or output packed parameter posedge reg
  return signed struct task typedef unsigned wire`.split(/\s+/);

/**
 * The places that may matter: comments, strings, directives and macros, escaped names, attributes, `::`, `$finish`, the
 * words below, and every name that a name or `#` may follow. Behind `'` stand digits.
 */
const PLACE = ((): RegExp => {
  const name = `(?!(?:${FREQUENT.join('|')})(?![\\w$]))[A-Za-z_]`;
  const words = 'module|macromodule|interface|program|package|bind|endmodule|endinterface|endprogram';
  const behind = `\\s+${name}|\\s*(?:#(?!#)|[\\\\\`]|\\/[/*]|\\(\\*)`;
  const names = `(?<![\\w$'])(?:(?:${words})(?![\\w$])|${name}[\\w$]*(?=${behind}))`;
  return new RegExp(`\\/[/*]|["\`\\\\]|\\(\\*|::|\\$finish(?![\\w$])|${names}`, 'g');
})();

const NAME = /[A-Za-z_][\w$]*/y;
const ESCAPED = /\\([^\s]+)/y;
const MACRO = /`[A-Za-z_][\w$]*/y;
/** `virtual interface v`, `extern module m (…);` and interfaces among ports declare nothing. */
const NO_MODULE = /(?:[^\w$`.]|^)extern$/;
const IMPORT = /^import(?![\w$])/;
const NO_ELEMENT = /(?:(?:[^\w$`]|^)(?:virtual|extern|import|export)|[(,.])$/;
const USE = /`([A-Za-z_][\w$]*)/g;
/** Brackets and semicolons, and where there may be some that are no code. */
const MARK = /[();"`\\/]/g;
const VERDICT = /"\s*PASS/y;
const NO_BLANK = /[^\0-\x20\xa0\ufeff]/;
/** More than the longest word that makes a difference to what stands beside it. */
const LOOK_BACK = 12;

type Draft = { -readonly [Key in keyof ScannedModule]: ScannedModule[Key] } & { readonly words: Set<string> };

export function scanSource(text: string): ScannedSource {
  return new Scan(text).read();
}

class Scan {
  readonly #text: string;
  readonly #includes: IncludeDirective[] = [];
  readonly #defines = new Map<string, boolean>();
  readonly #expands = new Set<string>();
  readonly #tests = new Set<string>();
  readonly #packages: string[] = [];
  readonly #packageUses = new Set<string>();
  readonly #modules: Draft[] = [];
  readonly #binds: { of: string; unit: string }[] = [];
  /** macros whose `ifndef is open */
  readonly #absent: (string | null)[] = [];
  /** starts by ends of the trivia that were passed, to look back over them */
  readonly #trivia = new Map<number, number>();
  #module: Draft | null = null;
  /** the escaped name that was passed last */
  #escaped: Word | null = null;
  /** the end of the last string: one that was not closed may end with letters */
  #stringTo = -1;
  /** up to here there is no code; null: there is */
  #blankTo: number | null = 0;
  /** characters that were looked ahead */
  #ahead = 0;
  #line = 1;
  /** the next line break that is not counted yet; -1: none was looked for */
  #newline = -1;

  constructor(text: string) {
    this.#text = text;
  }

  read(): ScannedSource {
    const text = this.#text;
    for (let at = 0; ; ) {
      PLACE.lastIndex = at;
      const place = PLACE.exec(text);
      if (place === null) break;
      at = this.#read(place.index, place[0]);
    }
    this.#pass(text.length, text.length);
    return {
      includes: this.#includes,
      defines: this.#defines,
      expands: this.#expands,
      tests: this.#tests,
      packages: this.#packages,
      packageUses: this.#packageUses,
      modules: this.#modules,
      binds: this.#binds,
      directivesOnly: this.#blankTo !== null,
    };
  }

  /** Takes what stands at a place and gives where to look on. */
  #read(at: number, what: string): number {
    const text = this.#text;
    switch (what) {
      case '//':
      case '/*':
      case '(*':
      case '`': {
        const end = this.#triviaEnd(at);
        if (end === at) return what === '`' ? this.#macro(at) : at + 1;
        if (what === '`') this.#directive(at, end);
        return this.#pass(at, end);
      }
      case '"': {
        VERDICT.lastIndex = at;
        if (this.#module !== null && VERDICT.test(text)) this.#module.decides = true;
        return (this.#stringTo = stringEnd(text, at));
      }
      case '\\': {
        const name = nameAt(text, at);
        if (name === null) return at + 1;
        this.#escaped = name;
        this.#mayBeInstance(name.text, at, name.end);
        return name.end;
      }
      case '::':
        this.#packageUse(at);
        return at + 2;
      case '$finish':
        if (this.#module !== null && !isNameCode(text.charCodeAt(at - 1))) this.#module.decides = true;
        return at + what.length;
      default:
        return this.#word(at, what);
    }
  }

  #word(at: number, word: string): number {
    const end = at + word.length;
    const kind = OPENERS.get(word);
    if (kind !== undefined) return this.#element(at, end, kind);
    switch (word) {
      case 'endmodule':
      case 'endinterface':
      case 'endprogram':
        this.#module = null;
        return end;
      case 'package':
        this.#package(end);
        return end;
      case 'bind':
        return this.#bind(end);
      default:
        this.#mayBeInstance(word, at, end);
        return end;
    }
  }

  /** `type #(` or `type name`: an instantiation when `type` is a module. */
  #mayBeInstance(name: string, at: number, end: number): void {
    const text = this.#text;
    if (this.#module === null || (KEYWORDS.has(name) && text.charCodeAt(at) !== 92)) return;
    const next = this.#skip(end);
    const behind = nameAt(text, next);
    const follows =
      behind === null
        ? text.charAt(next) === '#' && text.charAt(next + 1) !== '#'
        : behind.escaped || !KEYWORDS.has(behind.text);
    if (follows && text.charAt(this.#back(at) - 1) !== '.') this.#module.words.add(name);
  }

  #element(at: number, end: number, kind: DesignElement): number {
    const text = this.#text;
    const back = this.#back(at);
    const leading = text.slice(Math.max(0, back - LOOK_BACK, this.#stringTo), back);
    if (kind === 'module' ? leading.endsWith('extern') && NO_MODULE.test(leading) : NO_ELEMENT.test(leading))
      return end;
    const name = this.#declaredName(end);
    if (name === null || (!name.escaped && KEYWORDS.has(name.text))) return end;
    let line = this.#lineOf(at);
    for (const char of text.slice(end, name.start)) if (char === '\n') line += 1;
    const hasPorts = this.#hasPorts(name.end);
    this.#module = { name: name.text, kind, line, words: new Set(), hasPorts, decides: false };
    this.#modules.push(this.#module);
    return end;
  }

  /** The name of the element whose keyword ends at `from`. */
  #declaredName(from: number): Word | null {
    let name = nameAt(this.#text, this.#skip(from));
    while (name?.text === 'automatic' || name?.text === 'static') name = nameAt(this.#text, this.#skip(name.end));
    return name;
  }

  /** Whether a list of ports with something in it stands before the header's semicolon. */
  #hasPorts(from: number): boolean {
    const text = this.#text;
    for (let at = this.#skip(from); at < text.length; at = this.#skip(at)) {
      const char = text.charAt(at);
      if (char === ';') return false;
      if (char === '(') {
        const first = this.#skip(at + 1);
        if (text.charAt(first) !== ')') return first < text.length;
        at = first + 1;
      } else if (char === '#') {
        const twice = text.charAt(at + 1) === '#';
        const open = twice ? at + 2 : this.#skip(at + 1);
        at = !twice && text.charAt(open) === '(' ? this.#closing(open) : open;
      } else if (char === 'i' && IMPORT.test(text.slice(at, at + LOOK_BACK))) at = this.#semicolon(at);
      else at = this.#step(at);
    }
    return false;
  }

  /** Behind the bracket that closes the one at `open`. */
  #closing(open: number): number {
    const text = this.#text;
    let depth = 0;
    for (let at = open; ; at += 1) {
      at = this.#mark(at);
      if (at >= text.length) return text.length;
      const char = text.charAt(at);
      if (char === '(') depth += 1;
      else if (char === ')' && --depth === 0) return at + 1;
    }
  }

  /** Behind the next semicolon. */
  #semicolon(from: number): number {
    const text = this.#text;
    let at = this.#mark(from);
    while (at < text.length && text.charAt(at) !== ';') at = this.#mark(at + 1);
    return at + 1;
  }

  /** The next bracket or semicolon of code; the end of the text also when more was looked ahead than it ever needs. */
  #mark(from: number): number {
    const text = this.#text;
    for (let at = from; this.#ahead <= 2 * text.length; ) {
      MARK.lastIndex = at;
      const found = MARK.exec(text);
      const place = found?.index ?? text.length;
      this.#ahead += place - at + 1;
      if (found === null) break;
      const end = this.#triviaEnd(place);
      if (end !== place) at = end;
      else if (text.charCodeAt(place) === 34) at = stringEnd(text, place);
      else if (text.charCodeAt(place) === 92) at = nameAt(text, place)?.end ?? place + 1;
      else if ('();'.includes(found[0])) return place;
      else at = place + 1;
    }
    return text.length;
  }

  /** Behind the piece of code at a place; the end of the text when more was looked ahead than it ever needs. */
  #step(at: number): number {
    const text = this.#text;
    const end = text.charAt(at) === '"' ? stringEnd(text, at) : (nameAt(text, at)?.end ?? at + 1);
    this.#ahead += end - at;
    return this.#ahead > 2 * text.length ? text.length : end;
  }

  #package(end: number): void {
    const name = this.#declaredName(end);
    if (name !== null && this.#text.charAt(this.#skip(name.end)) === ';') this.#packages.push(name.text);
  }

  /** `bind module[: instances] unit …` or `bind top.instance unit …` */
  #bind(end: number): number {
    const text = this.#text;
    const of = nameAt(text, this.#skip(end));
    if (of === null) return end;
    let depth = 0;
    let last = '';
    for (let at = this.#skip(of.end); at < text.length; at = this.#skip(this.#step(at))) {
      const char = text.charAt(at);
      if (char === '[') depth += 1;
      else if (char === ']') depth -= 1;
      else if (depth === 0 && !'.:,'.includes(char) && !(last !== '' && '.:,'.includes(last))) {
        const unit = nameAt(text, at);
        if (unit === null || KEYWORDS.has(unit.text)) return at;
        this.#binds.push({ of: of.text, unit: unit.text });
        return unit.end;
      }
      last = char;
    }
    return end;
  }

  #packageUse(at: number): void {
    const text = this.#text;
    const end = this.#back(at);
    if (end === this.#escaped?.end) {
      this.#packageUses.add(this.#escaped.text);
      return;
    }
    let start = end;
    while (start > 0 && isNameCode(text.charCodeAt(start - 1))) start -= 1;
    if (start === end || end <= this.#stringTo || !/[A-Za-z_]/.test(text.charAt(start))) return;
    if (!"`'".includes(text.charAt(start - 1) || ' ')) this.#packageUses.add(text.slice(start, end));
  }

  #macro(at: number): number {
    MACRO.lastIndex = at;
    const word = MACRO.exec(this.#text)?.[0] ?? '`';
    this.#use(word.slice(1));
    return at + word.length;
  }

  #use(name: string): void {
    if (!this.#defines.has(name)) this.#expands.add(name);
  }

  /** Where the comment, attribute or directive at a place ends; the place itself where there is none. */
  #triviaEnd(at: number): number {
    const text = this.#text;
    switch (text.charCodeAt(at)) {
      case 47: {
        const second = text.charCodeAt(at + 1);
        if (second === 47) return before(text, '\n', at);
        return second === 42 ? after(text, '*/', at + 2) : at;
      }
      case 40:
        return isAttribute(text, at) ? after(text, '*)', at + 2) : at;
      case 96: {
        MACRO.lastIndex = at;
        const word = MACRO.exec(text)?.[0];
        // `` ` ` `` and `` `" `` of macro bodies
        if (word === undefined) return at + 1;
        const form = compilerDirective(word);
        return form === null ? at : directiveEnd(text, at + word.length, form);
      }
      default:
        return at;
    }
  }

  #directive(at: number, end: number): void {
    const text = this.#text;
    MACRO.lastIndex = at;
    const word = MACRO.exec(text)?.[0] ?? '';
    const rest = text.slice(at + word.length, end).trim();
    switch (word) {
      case '`include': {
        const named = /^["<]([^">\n]*)[">]$/.exec(rest)?.[1];
        if (named !== undefined) this.#includes.push({ name: named, line: this.#lineOf(at) });
        else if (rest.startsWith('`')) this.#use(rest.slice(1));
        return;
      }
      case '`define':
        this.#define(rest);
        return;
      case '`ifdef':
      case '`ifndef':
      case '`elsif': {
        const name = rest.replace(/^[\\`]/, '');
        if (!this.#defines.has(name)) this.#tests.add(name);
        if (word === '`elsif') this.#absent.pop();
        this.#absent.push(word === '`ifndef' ? name : null);
        return;
      }
      case '`else':
        this.#absent.pop();
        this.#absent.push(null);
        return;
      case '`endif':
        this.#absent.pop();
        return;
    }
  }

  #define(rest: string): void {
    const name = /^\\?([^\s(]+)/.exec(rest)?.[1];
    if (name === undefined) return;
    const body = rest.slice(name.length);
    for (const [, used] of body.matchAll(USE)) if (used !== undefined && used !== name) this.#use(used);
    if (body.includes('::')) {
      const code = codeOf(body);
      code.forEach((token, index) => {
        const of = code[index - 1];
        if (token.text === '::' && of !== undefined && isWord(of)) this.#packageUses.add(of.text);
      });
    }
    if (this.#defines.get(name) !== true) this.#defines.set(name, !this.#absent.includes(name));
  }

  /** Keeps trivia, to look back over it; what stands before it is code unless it is blank. Gives the end. */
  #pass(at: number, end: number): number {
    if (end > at) this.#trivia.set(end, at);
    if (this.#blankTo !== null) this.#blankTo = NO_BLANK.test(this.#text.slice(this.#blankTo, at)) ? null : end;
    return end;
  }

  /** The next place that is no blank and no trivia. */
  #skip(from: number): number {
    const text = this.#text;
    for (let at = from; at < text.length; ) {
      const code = text.charCodeAt(at);
      if (isBlank(code)) at += 1;
      else if (code === 47 || code === 40 || code === 96) {
        const end = this.#triviaEnd(at);
        if (end === at) return at;
        at = end;
      } else return at;
    }
    return text.length;
  }

  /** Behind the last character before `from` that is no blank and no trivia. */
  #back(from: number): number {
    let at = from;
    while (at > 0) {
      const start = this.#trivia.get(at);
      if (start === undefined && !isBlank(this.#text.charCodeAt(at - 1))) return at;
      at = start ?? at - 1;
    }
    return 0;
  }

  /** For rising places. */
  #lineOf(at: number): number {
    while (this.#newline < at) {
      if (this.#newline !== -1) this.#line += 1;
      const next = this.#text.indexOf('\n', this.#newline + 1);
      this.#newline = next === -1 ? Infinity : next;
    }
    return this.#line;
  }
}

interface Word {
  readonly text: string;
  readonly escaped: boolean;
  readonly start: number;
  readonly end: number;
}

function nameAt(text: string, at: number): Word | null {
  const escaped = text.charCodeAt(at) === 92;
  const pattern = escaped ? ESCAPED : NAME;
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (found === null) return null;
  return { text: found[1] ?? found[0], escaped, start: at, end: at + found[0].length };
}

const isBlank = (code: number): boolean => code <= 32 || code === 0xa0 || code === 0xfeff;

const isNameCode = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code === 36;
