// What cannot be VHDL whatever surrounds it: brackets without their other half, statements and declarations closed by
// another word than the one that opened them. Claims only what is sure.
import type { VhdlToken } from '@genrtl/core/vhdl/lexer.ts';
import type { SyntaxFault } from '../model.ts';
import { VhdlRow } from './token-row.ts';

const MAX_FAULTS = 50;
/** Words that open what `end` and the same word close. */
const OPENERS: ReadonlySet<string> = new Set(['if', 'case', 'loop', 'process', 'generate', 'record', 'block']);
/** Statements: nothing but statements stands in them. */
const STATEMENTS: ReadonlySet<string> = new Set(['if', 'case', 'loop']);
/** Never inside brackets. */
const STOPS: ReadonlySet<string> = new Set('begin end architecture entity process then loop'.split(' '));
/** Tool directives and encrypted parts are another language. */
const FOREIGN = /^[ \t]*`/m;

interface Open {
  readonly token: VhdlToken;
  readonly word: string;
}

export function vhdlFaults(text: string): SyntaxFault[] {
  if (FOREIGN.test(text)) return [];
  const row = new VhdlRow(text);
  const faults: SyntaxFault[] = [];
  const brackets: VhdlToken[] = [];
  const blocks: Open[] = [];
  let balanced = true;
  const say = (code: SyntaxFault['code'], token: VhdlToken, other: string | null): void => {
    faults.push({ code, name: token.text, other, start: token.start, end: token.end });
  };
  const unclosed = (open: Open, before: string): void => {
    if (balanced) say('unclosed', open.token, `end ${open.word}${before}`);
    balanced = false;
  };
  for (let at = 0; at < row.length && faults.length < MAX_FAULTS; at += 1) {
    const token = row.code[at];
    if (token === undefined) break;
    const word = row.keyword(at);
    if (row.is(at, '(')) brackets.push(token);
    else if (row.is(at, ')') && brackets.pop() === undefined) say('unopened', token, null);
    // attributes `x'end`, names of a library `work.process`
    if (word === '' || row.is(at - 1, "'") || row.is(at - 1, '.')) continue;
    if (STOPS.has(word)) for (const open of brackets.splice(0)) say('unclosed', open, `), ${token.text}`);
    if (word === 'end')
      at = closed(row, at, blocks, unclosed, (one) => (balanced ? say('unopened', one, null) : undefined));
    else if (word === 'generate') opened(row, at, token, blocks);
    else if (OPENERS.has(word) && opens(row, at, word)) blocks.push({ token, word });
  }
  for (const open of brackets) say('unclosed', open, ')');
  const last = blocks.at(-1);
  if (last !== undefined) unclosed(last, '');
  return faults;
}

/**
 * Whether the word opens something here: not in `u : block_name`, `wait … for`, or as a part of `else if`'s condition.
 */
function opens(row: VhdlRow, at: number, word: string): boolean {
  if (word === 'block') return row.is(at - 1, ':');
  if (word === 'process') return !row.is(at - 1, 'end');
  // `if c generate` becomes a generate statement at its last word
  return true;
}

/** `if … generate`, `for … generate`, `case … generate` open one thing; `elsif … generate`, `else generate` none. */
function opened(row: VhdlRow, at: number, token: VhdlToken, blocks: Open[]): void {
  for (let before = at - 1; before >= 0 && !row.is(before, ';') && !row.is(before, 'begin'); before -= 1) {
    const word = row.keyword(before);
    if (word === 'elsif' || word === 'else') return;
    if (word === 'if' || word === 'case') {
      const top = blocks.at(-1);
      if (top?.word === word) blocks.pop();
      break;
    }
    if (word === 'for') break;
  }
  blocks.push({ token, word: 'generate' });
}

/** Behind `end`; what it closes is taken from the stack. */
function closed(
  row: VhdlRow,
  at: number,
  blocks: Open[],
  unclosed: (open: Open, before: string) => void,
  unopened: (token: VhdlToken) => void,
): number {
  const postponed = row.is(at + 1, 'postponed') ? 1 : 0;
  const word = row.keyword(at + 1 + postponed);
  const token = row.code[at];
  const own = OPENERS.has(word);
  const found = own ? blocks.findLastIndex((open) => open.word === word) : -1;
  if (!own) {
    const top = blocks.at(-1);
    if (top !== undefined && STATEMENTS.has(top.word)) {
      unclosed(top, `, end${word === '' ? '' : ` ${word}`}`);
      blocks.length = 0;
    }
    return at + (word === '' ? 0 : 1);
  }
  if (found === -1) {
    if (token !== undefined) unopened({ ...token, text: `end ${word}` });
    return at + 1 + postponed;
  }
  const [above] = blocks.splice(found).slice(1);
  if (above !== undefined) unclosed(above, `, end ${word}`);
  return at + 1 + postponed;
}
