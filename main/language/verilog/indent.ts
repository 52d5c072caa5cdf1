// Indentation of a (System)Verilog source by its blocks, brackets and statements. Only the white space at the beginning
// and the end of lines changes: what stands inside a line is the person's. Comments, strings and macro definitions of
// several lines, and lines of compiler directives, stay as they are.
import { isCode, lex } from '@genrtl/core/hdl/lexer.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';
import { CLOSING_WORDS } from '@genrtl/core/hdl/blocks.ts';
import { opensBlock } from './blocks.ts';
import { keywordsOf } from './keywords.ts';

/** Words that a statement of their own follows, at once or behind brackets. */
const AT_ONCE: ReadonlySet<string> = new Set('else initial final forever do always_comb always_latch'.split(' '));
const BEHIND_BRACKET: ReadonlySet<string> = new Set('if for foreach while repeat'.split(' '));
const BEHIND_EVENT: ReadonlySet<string> = new Set(['always', 'always_ff']);
const MODIFIERS: ReadonlySet<string> = new Set(['unique', 'unique0', 'priority']);
const WITH_HEAD: ReadonlySet<string> = new Set(['endmodule', 'endinterface', 'endprogram']);

interface Indent {
  readonly level: number;
  /** the line that this one goes on: it stays as far to the right of it as it was */
  readonly anchor: number | null;
}
interface Control {
  readonly word: string;
  readonly level: number;
}
/** An open bracket or block. */
interface Frame {
  readonly closer: string;
  /** level of the line, or of the statement, that opened it */
  readonly level: number;
  readonly line: number;
  readonly child: number;
  readonly bracket: boolean;
  /** what holds behind it again */
  readonly controls: readonly Control[];
  readonly statement: number | null;
}

/** `unit`: one step of indentation. */
export function indentVerilog(path: string, text: string, unit: string): string {
  return new Indenter(path, text, unit).run();
}

class Indenter {
  readonly #text: string;
  readonly #unit: string;
  readonly #keywords: ReadonlySet<string>;
  readonly #code: Token[];
  /** first token of each line that one begins in, by line */
  readonly #firsts = new Map<number, Token>();
  /** lines that are a part of a token that began above */
  readonly #kept = new Set<number>();
  readonly #levels = new Map<number, Indent>();
  #frames: Frame[] = [];
  #controls: Control[] = [];
  /** levels of `if`s whose `else` may follow, the innermost last */
  #ifs: Control[] = [];
  /** level of the statement that is being read; null between statements */
  #statement: number | null = null;
  #line = 0;
  #statementLine = 0;
  #lineLevel = 0;
  /** the head of a control word goes on to the bracket that closes, or to this index */
  #head: { readonly word: string; readonly depth: number } | null = null;
  #questions = 0;

  constructor(path: string, text: string, unit: string) {
    this.#text = text;
    this.#unit = unit;
    this.#keywords = keywordsOf(path, text);
    const tokens = lex(text);
    this.#code = tokens.filter(isCode);
    for (const token of tokens) {
      if (!this.#firsts.has(token.line)) this.#firsts.set(token.line, token);
      const inner = token.text.length === token.end - token.start ? token.text : text.slice(token.start, token.end);
      for (let at = inner.indexOf('\n'), line = token.line + 1; at !== -1; at = inner.indexOf('\n', at + 1), line += 1)
        this.#kept.add(line);
    }
  }

  run(): string {
    this.#walk();
    const lines = this.#text.split('\n');
    const indents = new Map<number, string>();
    return lines
      .map((line, at) => {
        const found = this.#levels.get(at + 1);
        const ending = line.endsWith('\r') ? '\r' : '';
        if (this.#kept.has(at + 1)) return line;
        if (found === undefined) return line.trim() === '' ? ending : line.trimEnd() + ending;
        const indent = aligned(found, line, lines, indents) ?? this.#unit.repeat(found.level);
        indents.set(at + 1, indent);
        return indent + line.trim() + ending;
      })
      .map((line, at) => this.#comment(at + 1, line, lines, indents))
      .join('\n');
  }

  /**
   * A comment goes with the code below it, if it stood as far in; else it stays: it explains the end of a line above.
   */
  #comment(at: number, line: string, lines: readonly string[], indents: ReadonlyMap<number, string>): string {
    if (this.#firsts.get(at)?.kind !== 'comment' || this.#kept.has(at)) return line;
    let below = at + 1;
    while (below <= lines.length && this.#levels.get(below) === undefined) below += 1;
    const indent = indents.get(below);
    const own = lines[at - 1] ?? '';
    return indent !== undefined && indentOf(lines[below - 1] ?? '') === indentOf(own)
      ? indent + line.trimStart()
      : line;
  }

  #walk(): void {
    let next = 0;
    for (const [line, first] of [...this.#firsts].sort((a, b) => a[0] - b[0])) {
      // code before this line
      while (next < this.#code.length && (this.#code[next]?.line ?? 0) < line) next = this.#take(next);
      if (this.#kept.has(line) || first.kind === 'directive') continue;
      if (first.kind === 'comment') continue;
      const level = isCode(first) ? this.#levelOf(next) : this.#plainLevel();
      this.#levels.set(line, { level: Math.max(0, level), anchor: this.#anchor(first) });
    }
  }

  get #frame(): Frame | undefined {
    return this.#frames.at(-1);
  }

  #word(at: number): string {
    const token = this.#code[at];
    return token?.kind === 'word' && this.#keywords.has(token.text) ? token.text : '';
  }

  /** Where a statement would begin now. */
  #base(): number {
    const control = this.#controls.at(-1);
    return control === undefined ? (this.#frame?.child ?? 0) : control.level + 1;
  }

  #plainLevel(): number {
    if (this.#frame?.bracket === true) return this.#frame.child;
    return this.#statement === null ? this.#base() : this.#statement + 1;
  }

  /** The line that one beginning with `first` goes on; null: a statement of its own. */
  #anchor(first: Token): number | null {
    const frame = this.#frame;
    if (frame?.bracket === true) return frame.line;
    if (this.#statement === null || first.text === 'begin' || first.text === 'end') return null;
    return this.#statementLine;
  }

  /** Of the line whose first token is the one at `at`. */
  #levelOf(at: number): number {
    const token = this.#code[at];
    const frame = this.#frame;
    if (token === undefined || token.kind === 'macro') return this.#plainLevel();
    const word = this.#word(at);
    if (frame?.bracket === true) return frame.closer === token.text ? frame.level : frame.child;
    if (CLOSING_WORDS.has(word)) {
      const closer = word.startsWith('join') ? 'join' : word;
      return this.#frames.findLast((open) => open.closer === closer)?.level ?? this.#plainLevel();
    }
    if (word === 'else' && this.#ifs.length > 0) return this.#ifs.at(-1)?.level ?? 0;
    if (this.#statement === null) {
      const control = this.#controls.at(-1);
      return word === 'begin' && control !== undefined ? control.level : this.#base();
    }
    return word === 'begin' || token.text === '(' || token.text === '#' ? this.#statement : this.#statement + 1;
  }

  /** Reads the token at `at`; returns the index of the next one. */
  #take(at: number): number {
    const token = this.#code[at];
    if (token === undefined) return at + 1;
    if (this.#statement === null) this.#statementLine = token.line;
    if (token.line !== this.#line) {
      this.#line = token.line;
      this.#lineLevel = this.#levels.get(token.line)?.level ?? this.#plainLevel();
    }
    const word = this.#word(at);
    const inBracket = this.#frame?.bracket === true;
    if (token.kind === 'operator') return this.#operator(at, token);
    if (inBracket) return at + 1;
    if (word === 'else') this.#else();
    else if (this.#statement === null) this.#ifs = [];
    const closer = opensBlock(this.#code, at, word, false, this.#frame?.closer ?? '');
    if (closer !== null) {
      this.#open(closer, word);
      return this.#pastLabel(at, word);
    }
    if (CLOSING_WORDS.has(word)) {
      this.#close(word.startsWith('join') ? 'join' : word);
      return this.#pastLabel(at, word);
    }
    if (word === 'inside' && this.#head?.word === 'case') return at + 1;
    if (token.kind === 'macro' && this.#statement === null) return this.#macro(at);
    const begins = this.#statement === null || (this.#head === null && MODIFIERS.has(this.#word(at - 1)));
    if (begins) {
      const level = this.#statement ?? this.#lineLevel;
      if (AT_ONCE.has(word)) {
        this.#controls.push({ word, level: word === 'else' ? (this.#elseLevel ?? level) : level });
        this.#statement = null;
        return at + 1;
      }
      this.#statement = level;
      if (BEHIND_BRACKET.has(word)) this.#head = { word, depth: this.#frames.length };
      else if (BEHIND_EVENT.has(word)) return this.#event(at, word, level);
    }
    return at + 1;
  }

  #elseLevel: number | null = null;

  #else(): void {
    const match = this.#ifs.pop();
    this.#elseLevel = match?.level ?? null;
    if (match !== undefined) this.#statement = null;
  }

  /** `always @(…)`, `always @*`, `always #5`: the statement follows. */
  #event(at: number, word: string, level: number): number {
    let next = at + 1;
    const text = (index: number): string => this.#code[index]?.text ?? '';
    if (text(next) === '@' || text(next) === '#') next += 1;
    else if (text(next) !== '@*') return next;
    if (text(next) === '(') {
      this.#head = { word, depth: this.#frames.length };
      return next;
    }
    this.#controls.push({ word, level });
    this.#statement = null;
    return next + 1;
  }

  /** A macro on a line of its own is a statement. */
  #macro(at: number): number {
    let end = at + 1;
    if (this.#code[end]?.text === '(') {
      let depth = 0;
      for (; end < this.#code.length; end += 1) {
        const { text } = this.#code[end] ?? { text: '' };
        if (text === '(') depth += 1;
        else if (text === ')' && --depth === 0) break;
      }
      end += 1;
    }
    const last = this.#code[end - 1];
    const after = this.#code[end];
    if (after !== undefined && last !== undefined && after.line === last.line) this.#statement = this.#lineLevel;
    else if (after?.text === ';') this.#statement = this.#lineLevel;
    else this.#end();
    // lines inside of it keep what they have
    for (let line = (this.#code[at]?.line ?? 0) + 1; line <= (last?.line ?? 0); line += 1) this.#kept.add(line);
    return end;
  }

  #operator(at: number, { text }: Token): number {
    const frame = this.#frame;
    if (text === '(' || text === '[' || text === '{') {
      if (this.#statement === null && frame?.bracket !== true) this.#statement = this.#lineLevel;
      this.#frames.push({
        closer: text === '(' ? ')' : text === '[' ? ']' : '}',
        level: this.#lineLevel,
        line: this.#line,
        child: this.#lineLevel + 1,
        bracket: true,
        controls: this.#controls,
        statement: this.#statement,
      });
      this.#controls = [];
      return at + 1;
    }
    if (text === ')' || text === ']' || text === '}') {
      if (frame?.bracket !== true) return at + 1;
      this.#frames.pop();
      this.#controls = [...frame.controls];
      this.#statement = frame.statement;
      const head = this.#head;
      if (text === ')' && head !== null && head.depth === this.#frames.length) {
        this.#head = null;
        if (head.word !== 'case') this.#controls.push({ word: head.word, level: this.#statement ?? this.#lineLevel });
        this.#statement = null;
      } else if (text === '}' && this.#frame?.bracket !== true && this.#isLast(at)) this.#end();
      return at + 1;
    }
    if (frame?.bracket === true) return at + 1;
    if (text === ';') this.#semicolon(at);
    else if (text === '?') this.#questions += 1;
    else if (text === ':') this.#colon();
    else if (this.#statement === null) this.#statement = this.#lineLevel;
    return at + 1;
  }

  /** `import p::*;` of a module's head goes before its parameters and ports. */
  #semicolon(at: number): void {
    const next = this.#code[at + 1]?.text;
    this.#end();
    const frame = this.#frame;
    if (frame !== undefined && WITH_HEAD.has(frame.closer) && (next === '#' || next === '(')) {
      this.#statement = frame.level;
      this.#statementLine = frame.line;
    }
  }

  /** Nothing goes on behind this brace: of a constraint, of a coverpoint. */
  #isLast(at: number): boolean {
    const next = this.#code[at + 1];
    return next === undefined || (next.kind !== 'operator' && next.line > (this.#code[at]?.line ?? 0));
  }

  /** The label of a case's branch: a statement follows. */
  #colon(): void {
    if (this.#questions > 0) this.#questions -= 1;
    else if (this.#frame?.closer === 'endcase' && this.#statement !== null && this.#controls.length === 0) {
      this.#controls.push({ word: ':', level: this.#statement });
      this.#statement = null;
    }
  }

  #open(closer: string, word: string): void {
    const level = this.#statement ?? this.#controls.at(-1)?.level ?? this.#lineLevel;
    const own = closer === 'end' || closer === 'join' || this.#statement !== null ? level : this.#lineLevel;
    this.#frames.push({
      closer,
      level: own,
      line: this.#line,
      child: own + 1,
      bracket: false,
      controls: this.#controls,
      statement: null,
    });
    this.#controls = [];
    const headless = closer === 'end' || closer === 'join' || closer === 'endgenerate' || closer === 'endspecify';
    this.#statement = headless || closer === 'endtable' ? null : own;
    this.#head = closer === 'endcase' && word !== 'randcase' ? { word: 'case', depth: this.#frames.length } : null;
    if (word === 'randcase') this.#statement = null;
  }

  #close(closer: string): void {
    const at = this.#frames.findLastIndex((open) => open.closer === closer);
    const frame = this.#frames[at];
    if (frame === undefined) return;
    this.#frames = this.#frames.slice(0, at);
    this.#controls = [...frame.controls];
    this.#end();
  }

  /** A statement ended, and with it what it was the body of. */
  #end(): void {
    this.#ifs = this.#controls.filter(({ word }) => word === 'if');
    this.#controls = [];
    this.#statement = null;
    this.#head = null;
    this.#questions = 0;
  }

  #pastLabel(at: number, word: string): number {
    const labelled = word === 'begin' || word === 'fork' || CLOSING_WORDS.has(word);
    return labelled && this.#code[at + 1]?.text === ':' ? at + 3 : at + 1;
  }
}

const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? '';

/**
 * The indent of a line that goes on, as far from the line that it belongs to as it was; null: it has none of its own.
 */
function aligned(
  { anchor }: Indent,
  line: string,
  lines: readonly string[],
  indents: ReadonlyMap<number, string>,
): string | null {
  const above = anchor === null ? undefined : indents.get(anchor);
  if (anchor === null || above === undefined) return null;
  const old = indentOf(line);
  const was = indentOf(lines[anchor - 1] ?? '');
  const closes = /^[)\]}]/.test(line.trim());
  if (old.includes('\t') || was.includes('\t') || above.includes('\t')) return null;
  return old.length > was.length || (closes && old.length === was.length)
    ? above + ' '.repeat(old.length - was.length)
    : null;
}
