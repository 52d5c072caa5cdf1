// SystemVerilog as blocks: each design element's header with its port list, then its items: declarations, instances,
// always blocks, generate regions, functions. Boundaries lie behind a whole item, never inside a header, a string, a
// macro or a comment; a comment belongs to the item below it, or to the one on whose line it ends. What cannot be read
// (an unfinished block, a lone end) costs boundaries, nothing else. Linear in the length of the text.
import { CLOSER, CLOSING_WORDS } from '../hdl/blocks.ts';
import { isCode, lex, type Token } from '../hdl/lexer.ts';
import type { Block, BlockReader } from './block.ts';
import { lineStarts, wordStarts } from './lines.ts';

/** Design elements: their items are boundaries of their own. */
const ELEMENTS: ReadonlySet<string> = new Set([
  'endmodule',
  'endinterface',
  'endprogram',
  'endpackage',
  'endchecker',
  'endclass',
]);
/** Only there: elsewhere they are names in older code. */
const OUTSIDE_ONLY: ReadonlySet<string> = new Set(['package', 'primitive', 'config', 'module', 'macromodule']);
const CLOSING: ReadonlyMap<string, string> = new Map(
  [...CLOSING_WORDS].map((word) => [word, word.startsWith('join') ? 'join' : word]),
);
/** Statements that name a body which stands elsewhere. */
const PROTOTYPES: ReadonlySet<string> = new Set(['extern', 'import', 'export', 'typedef', 'pure']);
/** Words before an opening word that make it none. */
const NOT_AFTER: Readonly<Record<string, ReadonlySet<string>>> = {
  property: new Set(['assert', 'assume', 'cover', 'restrict', 'expect']),
  sequence: new Set(['cover']),
  fork: new Set(['disable', 'wait']),
  interface: new Set(['virtual']),
  function: new Set(['with']),
};
/** No bracket is open across these, whatever was forgotten before. */
const RESETS: ReadonlySet<string> = new Set([
  'module',
  'endmodule',
  'always',
  'always_ff',
  'always_comb',
  'always_latch',
  'initial',
  'begin',
  'end',
]);

/** Elements whose header may import packages before its parameters and ports. */
const HEADED: ReadonlySet<string> = new Set(['module', 'macromodule', 'interface', 'program']);

interface Place {
  readonly at: number;
  /** open blocks around it */
  readonly depth: number;
  /** it stands directly in a design element, or outside all of them */
  readonly soft: boolean;
  /** what goes on behind it is the end of an element */
  readonly closes: boolean;
}

export const verilogReader: BlockReader = {
  blocks(text) {
    const places = itemEnds(text, lex(text)).filter(({ soft }) => soft);
    const blocks: Block[] = [];
    let start = 0;
    let depth = 0;
    let closes = false;
    for (const place of [...places, { at: text.length, depth: 0, soft: true, closes: false }]) {
      if (place.at <= start) continue;
      const opens = depth === 0;
      const kind = closes ? 'end' : opens && place.depth > 0 ? 'header' : 'item';
      blocks.push({ start, end: place.at, kind, opens: opens ? 1 : null, follows: closes });
      ({ depth, closes } = place);
      start = place.at;
    }
    return blocks;
  },
  cuts(text, { start, end }, grade) {
    const piece = text.slice(start, end);
    switch (grade) {
      case 0:
      case 1: {
        const places = itemEnds(piece, lex(piece));
        const outer = places.reduce((least, { depth }) => Math.min(least, depth), Infinity);
        const chosen = grade === 0 ? places.filter(({ depth }) => depth === outer) : places;
        return chosen.map(({ at }) => start + at).filter((at) => at > start && at < end);
      }
      case 2:
        return linesOutsideTokens(piece).map((at) => start + at);
      case 3:
        return lineStarts(text, start, end);
      case 4:
        return wordStarts(text, start, end);
      default:
        return null;
    }
  },
};

/** Where statements and items of any depth end, ascending. */
function itemEnds(text: string, tokens: readonly Token[]): Place[] {
  const places: Place[] = [];
  const stack: string[] = [];
  const open = new Map<string, number>();
  const code: { token: Token; nth: number }[] = [];
  for (const [nth, token] of tokens.entries()) if (isCode(token)) code.push({ token, nth });
  let brackets = 0;
  let first: string | null = null;
  let previous = '';
  let imports = false;
  const end = (index: number, last: number): void => {
    const next = code[index + 1]?.token;
    const outer = stack.at(-1);
    places.push({
      at: behind(text, tokens, last),
      depth: stack.length,
      soft: stack.length === 0 || (stack.length === 1 && outer !== undefined && ELEMENTS.has(outer)),
      closes: next?.kind === 'word' && CLOSING.has(next.text),
    });
    first = null;
    imports = false;
  };
  for (let index = 0; index < code.length; index += 1) {
    const entry = code[index];
    if (entry === undefined) break;
    const { token } = entry;
    const { text: word } = token;
    const next = code[index + 1]?.token.text;
    if (token.kind === 'word' && RESETS.has(word)) brackets = 0;
    if (token.kind === 'operator') {
      if (word === '(' || word === '[' || word === '{') brackets += 1;
      else if (word === ')' || word === ']' || word === '}') brackets = Math.max(0, brackets - 1);
      else if (word === ';' && brackets === 0 && next !== 'else' && !(imports && isHeaderRest(next))) {
        end(index, entry.nth);
        previous = word;
        continue;
      }
    } else if (token.kind === 'word' && brackets === 0) {
      const closer = CLOSER.get(word);
      const closed = CLOSING.get(word);
      if (closer !== undefined && opens(word, stack.length, first, previous, next, code[index + 2]?.token.text)) {
        stack.push(closer);
        open.set(closer, (open.get(closer) ?? 0) + 1);
        first = ELEMENTS.has(closer) ? word : (first ?? word);
        if (word === 'generate' || word === 'table') {
          end(index, entry.nth);
          previous = word;
          continue;
        }
      } else if (closed !== undefined) {
        // One that nothing opened closes nothing.
        while ((open.get(closed) ?? 0) > 0) {
          const top = stack.pop();
          if (top === undefined) break;
          open.set(top, (open.get(top) ?? 1) - 1);
          if (top === closed) break;
        }
        let last = index;
        if (next === ':') last = Math.min(index + 2, code.length - 1);
        index = last;
        const after = code[last + 1]?.token.text;
        if (after !== 'else') end(last, code[last]?.nth ?? entry.nth);
        previous = word;
        continue;
      }
    }
    // `module m import p::*; (…);`
    if (word === 'import' && first !== null && HEADED.has(first)) imports = true;
    first ??= word;
    previous = word;
  }
  return places;
}

const isHeaderRest = (next: string | undefined): boolean =>
  next === '(' || next === '#' || next === ';' || next === 'import';

function opens(
  word: string,
  depth: number,
  first: string | null,
  previous: string,
  next: string | undefined,
  afterNext: string | undefined,
): boolean {
  if (first !== null && PROTOTYPES.has(first)) return false;
  if (NOT_AFTER[word]?.has(previous) === true) return false;
  if (OUTSIDE_ONLY.has(word) && depth > 1) return false;
  if (word === 'interface' && (next === 'class' || depth > 1)) return false;
  if (word === 'clocking' && afterNext === ';') return false;
  return word !== 'table' || depth > 0;
}

/** Behind a token and what belongs to it on its line: the line's end, or the next token where one stands there. */
function behind(text: string, tokens: readonly Token[], nth: number): number {
  let at = tokens[nth]?.end ?? text.length;
  for (let index = nth + 1; ; index += 1) {
    const next = tokens[index];
    const until = next?.start ?? text.length;
    while (at < until) {
      at += 1;
      if (text.charCodeAt(at - 1) === 10) return at;
    }
    if (next?.kind !== 'comment') return until;
    at = next.end;
  }
}

/** Starts of lines that no comment, string or directive reaches across. */
function linesOutsideTokens(text: string): number[] {
  const starts: number[] = [];
  const tokens = lex(text);
  let nth = 0;
  for (const at of lineStarts(text, 0, text.length)) {
    while ((tokens[nth]?.end ?? Infinity) <= at) nth += 1;
    if ((tokens[nth]?.start ?? Infinity) >= at) starts.push(at);
  }
  return starts;
}
