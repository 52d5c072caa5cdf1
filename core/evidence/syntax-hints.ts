// Where a syntax error may really lie: parsers stumble over what follows a fault, often far below it. Looks at three
// things that they do not: words one letter away from a keyword, blocks whose indentation contradicts their nesting,
// and the end of the line before.
import { KEYWORDS } from '../hdl/keywords.ts';
import { scanTokens } from './hdl-tokens.ts';
import type { Token } from './hdl-tokens.ts';

export interface SyntaxHint {
  /** from 1 */
  readonly line: number;
  readonly message: string;
}

const MAX_HINTS = 4;
/** Words that are written often, and so misspelt. */
const OFTEN = [
  'module',
  'endmodule',
  'assign',
  'always',
  'always_ff',
  'always_comb',
  'always_latch',
  'initial',
  'begin',
  'end',
  'if',
  'else',
  'case',
  'casez',
  'casex',
  'endcase',
  'default',
  'posedge',
  'negedge',
  'logic',
  'wire',
  'reg',
  'input',
  'output',
  'inout',
  'parameter',
  'localparam',
  'generate',
  'endgenerate',
  'genvar',
  'function',
  'endfunction',
  'task',
  'endtask',
  'for',
  'while',
  'repeat',
  'signed',
  'unsigned',
  'integer',
  'typedef',
  'struct',
  'enum',
  'packed',
  'return',
  'unique',
  'priority',
];
/** A word that could be a keyword's misspelling; longer ones are names. */
const MAX_WORD = 14;

/** `line`: where the tool saw the error. Hints in the order of their weight, none for that line itself. */
export function syntaxHints(text: string, line: number): SyntaxHint[] {
  const tokens = scanTokens(text);
  const hints = [...misspelt(tokens, line), ...unbalanced(tokens, text), ...lineBefore(tokens, line)];
  const seen = new Set([line]);
  return hints
    .filter((hint) => {
      if (seen.has(hint.line)) return false;
      seen.add(hint.line);
      return true;
    })
    .slice(0, MAX_HINTS);
}

/** Names are used twice at least; a word that stands only once and nearly is a keyword was meant to be it. */
function misspelt(tokens: readonly Token[], line: number): SyntaxHint[] {
  const counts = new Map<string, number>();
  for (const token of tokens) if (token.word) counts.set(token.text, (counts.get(token.text) ?? 0) + 1);
  return tokens
    .filter(
      (token) =>
        token.word &&
        token.line <= line &&
        token.text.length <= MAX_WORD &&
        counts.get(token.text) === 1 &&
        !KEYWORDS.has(token.text),
    )
    .flatMap((token) => {
      const meant = OFTEN.find((keyword) => isOneSlip(token.text, keyword));
      return meant === undefined
        ? []
        : [{ line: token.line, message: `\`${token.text}\` stands nowhere else; \`${meant}\` may be meant` }];
    })
    .sort((a, b) => b.line - a.line);
}

/** One letter missing, too many or wrong, or two exchanged; short words need the same letters. */
function isOneSlip(word: string, keyword: string): boolean {
  if (word === keyword || Math.abs(word.length - keyword.length) > 1) return false;
  let start = 0;
  while (start < word.length && word[start] === keyword[start]) start += 1;
  let [a, b] = [word.length, keyword.length];
  while (a > start && b > start && word[a - 1] === keyword[b - 1]) {
    a -= 1;
    b -= 1;
  }
  const [left, right] = [word.slice(start, a), keyword.slice(start, b)];
  if (left.length + right.length === 1) return true;
  if (left.length === 1 && right.length === 1) return word.length > 3;
  return isShuffled(left, right);
}

const isShuffled = (a: string, b: string): boolean =>
  a.length === b.length && a.length <= 3 && [...a].sort().join('') === [...b].sort().join('');

const CLOSERS: Readonly<Record<string, string>> = { begin: 'end', case: 'endcase', casez: 'endcase', casex: 'endcase' };
const CLOSING = new Set(Object.values(CLOSERS));

/** The first block whose end does not stand below its beginning, in code that is indented as most code is. */
function unbalanced(tokens: readonly Token[], text: string): SyntaxHint[] {
  const lines = text.split('\n');
  const indent = (line: number): number => /^[ \t]*/.exec(lines[line - 1] ?? '')?.[0].length ?? 0;
  let open: { word: string; line: number }[] = [];
  for (const { text: word, line } of tokens) {
    if (word === 'module') open = [];
    if (word in CLOSERS) open.push({ word, line });
    if (word === 'endmodule') {
      const last = open.pop();
      if (last !== undefined)
        return [{ line: last.line, message: `this \`${last.word}\` has no \`${CLOSERS[last.word] ?? ''}\`` }];
    }
    if (!CLOSING.has(word)) continue;
    const begun = open.pop();
    if (begun === undefined) return [{ line, message: `this \`${word}\` closes nothing` }];
    if (begun.line === line) continue;
    // an `end` further left than what it closes closes something around it; one further right has lost its own
    // beginning
    if (CLOSERS[begun.word] !== word || indent(line) < indent(begun.line))
      return [
        {
          line: begun.line,
          message: `this \`${begun.word}\` has no \`${CLOSERS[begun.word] ?? ''}\` at its own indentation`,
        },
      ];
    if (indent(line) > indent(begun.line))
      return [{ line, message: `this \`${word}\` stands deeper than what it closes in line ${begun.line}` }];
  }
  return [];
}

/** What stands first in its line was unexpected: something is missing at the end of the code before it. */
function lineBefore(tokens: readonly Token[], line: number): SyntaxHint[] {
  const before = tokens.findLast((token) => token.line < line);
  return before === undefined
    ? []
    : [{ line: before.line, message: 'what is missing may belong to the end of this line' }];
}
