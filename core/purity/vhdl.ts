// The same rules for job-written VHDL design units (IEEE 1076-2008): no std.env, no files, no message below error, no
// foreign code, no external names, no commands to tools in comments.
import type { Finding, IsAdded } from './index.ts';
import { pragmaOf } from './tools.ts';

interface Token {
  readonly text: string;
  readonly line: number;
  readonly kind: 'word' | 'string' | 'comment' | 'other';
}

const PIECE =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\n]|"")*"?|'(?:[^\n])'|\\(?:[^\\\n]|\\\\)*\\?|[A-Za-z][\w]*|<<|>>|\n|[^\s\w]|\d[\w.#]*/g;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const [piece] of text.matchAll(PIECE)) {
    if (piece === '\n') {
      line += 1;
      continue;
    }
    const kind =
      piece.startsWith('--') || piece.startsWith('/*')
        ? 'comment'
        : piece.startsWith('"')
          ? 'string'
          : /^[A-Za-z]/.test(piece)
            ? 'word'
            : 'other';
    tokens.push({ text: kind === 'word' ? piece.toLowerCase() : piece, line, kind });
    for (const char of piece) if (char === '\n') line += 1;
  }
  return tokens;
}

const PACKAGES: Readonly<Record<string, string>> = {
  env: 'std.env ends or asks the simulation',
  textio: 'textio writes files and the log',
  std_logic_textio: 'textio writes files and the log',
};
const WORDS: Readonly<Record<string, string>> = {
  file: 'a design opens no files',
  foreign: 'a design calls nothing outside itself',
  vhpidirect: 'a design calls nothing outside itself (VHPIDIRECT)',
  writeline: 'a design writes nothing',
  readline: 'a design reads no files',
  force: 'a design forces nothing',
  release: 'a design releases nothing',
};

export function vhdlFindings(file: string, text: string, added: IsAdded): Finding[] {
  const findings: Finding[] = [];
  const all = tokensOf(text);
  const report = (token: Token, message: string): void => {
    if (added({ file, line: token.line })) findings.push({ file, line: token.line, message });
  };
  for (const token of all) {
    if (token.kind !== 'comment') continue;
    const pragma = pragmaOf(token.text.replace(/^--/, '//'));
    if (pragma !== null) report(token, `the comment "${pragma}" is a command to a tool`);
  }
  const tokens = all.filter(({ kind }) => kind !== 'comment');
  for (const [at, token] of tokens.entries()) {
    if (token.text === '<<') report(token, 'an external name reaches into other units');
    if (token.kind === 'string' && /vhpidirect|vpidirect/i.test(token.text))
      report(token, 'a design calls nothing outside itself (VHPIDIRECT)');
    if (token.kind !== 'word') continue;
    const packaged = tokens[at - 1]?.text === '.' ? PACKAGES[token.text] : undefined;
    if (packaged !== undefined && Object.hasOwn(PACKAGES, token.text)) report(token, packaged);
    if (Object.hasOwn(WORDS, token.text)) report(token, WORDS[token.text] ?? '');
    if (
      (token.text === 'stop' || token.text === 'finish') &&
      /^[;(]$/.test(tokens[at + 1]?.text ?? '') &&
      tokens[at - 1]?.text !== '.'
    )
      if (/^(?:;|then|else|begin|loop|is|=>)$/.test(tokens[at - 1]?.text ?? ''))
        report(token, 'std.env ends or asks the simulation');
    if (token.text === 'report' || token.text === 'assert') message(tokens, at, report);
  }
  return findings;
}

/** `report` alone is a note; `assert` alone is an error, with its own `report` inside. */
function message(tokens: readonly Token[], at: number, report: (token: Token, message: string) => void): void {
  const token = tokens[at];
  if (token === undefined) return;
  let end = at;
  while (end < tokens.length && tokens[end]?.text !== ';') end += 1;
  const statement = tokens.slice(at, end);
  const severity = statement.findIndex(({ text }) => text === 'severity');
  const level = severity === -1 ? null : (statement[severity + 1]?.text ?? null);
  const begun = token.text === 'report' && belongsToAssert(tokens, at);
  if (begun) return;
  const loud = level === null ? token.text === 'assert' : level === 'error' || level === 'failure';
  if (!loud) report(token, 'a message of a design is an error or a failure: a note or a warning only prints');
}

function belongsToAssert(tokens: readonly Token[], at: number): boolean {
  for (let index = at - 1; index >= 0; index--) {
    if (tokens[index]?.text === ';') return false;
    if (tokens[index]?.text === 'assert') return true;
  }
  return false;
}
