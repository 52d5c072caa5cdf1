// The same rules for job-written VHDL design units (IEEE 1076-2008): no std.env, no files, no message below error, no
// foreign code, no external names, no commands to tools in comments.
import { lexVhdl } from '../vhdl/lexer.ts';
import type { VhdlToken } from '../vhdl/lexer.ts';
import type { Finding, IsAdded } from './index.ts';
import { pragmaOf } from './tools.ts';

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
  const all = lexVhdl(text);
  const report = (token: VhdlToken, message: string): void => {
    if (added({ file, line: token.line })) findings.push({ file, line: token.line, message });
  };
  for (const token of all) {
    if (token.kind !== 'comment') continue;
    const pragma = pragmaOf(token.text.replace(/^--/, '//'));
    if (pragma !== null) report(token, `the comment "${pragma}" is a command to a tool`);
  }
  const tokens = all.filter(({ kind }) => kind !== 'comment');
  sharedSignals(tokens, report);
  for (const [at, token] of tokens.entries()) {
    if (token.key === '<<') report(token, 'an external name reaches into other units');
    if (token.kind === 'string' && /vhpidirect|vpidirect/i.test(token.key))
      report(token, 'a design calls nothing outside itself (VHPIDIRECT)');
    if (token.kind !== 'word') continue;
    const packaged = tokens[at - 1]?.key === '.' ? PACKAGES[token.key] : undefined;
    if (packaged !== undefined && Object.hasOwn(PACKAGES, token.key)) report(token, packaged);
    if (Object.hasOwn(WORDS, token.key)) report(token, WORDS[token.key] ?? '');
    if (
      (token.key === 'stop' || token.key === 'finish') &&
      /^[;(]$/.test(tokens[at + 1]?.key ?? '') &&
      tokens[at - 1]?.key !== '.'
    )
      if (/^(?:;|then|else|begin|loop|is|=>)$/.test(tokens[at - 1]?.key ?? ''))
        report(token, 'std.env ends or asks the simulation');
    if (token.key === 'report' || token.key === 'assert') message(tokens, at, report);
  }
  return findings;
}

/** What a package holds, a testbench can write to and the design read: constants, types and routines only. */
function sharedSignals(tokens: readonly VhdlToken[], report: (token: VhdlToken, message: string) => void): void {
  let [inPackage, depth] = [false, 0];
  for (const [at, token] of tokens.entries()) {
    if (token.key === '(') depth += 1;
    else if (token.key === ')') depth -= 1;
    if (token.kind !== 'word' || tokens[at - 1]?.key === 'end') continue;
    if (token.key === 'package') inPackage = true;
    else if (/^(?:entity|architecture|configuration|context)$/.test(token.key)) inPackage = false;
    else if (inPackage && depth === 0 && (token.key === 'signal' || token.key === 'shared'))
      report(
        token,
        `a ${token.key === 'signal' ? 'signal' : 'shared variable'} of a package: a design keeps nothing there`,
      );
  }
}

/** `report` alone is a note; `assert` alone is an error, with its own `report` inside. */
function message(tokens: readonly VhdlToken[], at: number, report: (token: VhdlToken, message: string) => void): void {
  const token = tokens[at];
  if (token === undefined) return;
  let end = at;
  while (end < tokens.length && tokens[end]?.key !== ';') end += 1;
  const statement = tokens.slice(at, end);
  const severity = statement.findIndex(({ key }) => key === 'severity');
  const level = severity === -1 ? null : (statement[severity + 1]?.key ?? null);
  const begun = token.key === 'report' && belongsToAssert(tokens, at);
  if (begun) return;
  const loud = level === null ? token.key === 'assert' : level === 'error' || level === 'failure';
  if (!loud) report(token, 'a message of a design is an error or a failure: a note or a warning only prints');
}

function belongsToAssert(tokens: readonly VhdlToken[], at: number): boolean {
  for (let index = at - 1; index >= 0; index--) {
    if (tokens[index]?.key === ';') return false;
    if (tokens[index]?.key === 'assert') return true;
  }
  return false;
}
