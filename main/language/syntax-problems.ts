// Syntax problems of one source, as the page sees them. A text with macros is judged only when every macro that the
// workspace knows has a body that is balanced in itself.
import type { SyntaxProblem } from '@genrtl/contracts/language.ts';
import { codeOf } from '@genrtl/core/hdl/lexer.ts';
import type { SyntaxFault } from './model.ts';
import { isSource, isVhdl } from './read-source.ts';
import type { SyntaxIndex } from './syntax-index.ts';
import { CLOSER } from '@genrtl/core/hdl/blocks.ts';
import { verilogFaults } from './verilog/syntax.ts';
import { vhdlFaults } from './vhdl/syntax.ts';

/** A longer text is generated, and checking it would hold the worker. */
const MAX_CHARS = 1_500_000;
const PARTS = /\.(?:svh|vh)$/i;

export async function syntaxProblems(index: SyntaxIndex, path: string): Promise<SyntaxProblem[]> {
  if (!isSource(path)) return [];
  const text = await index.text(path);
  if (text === null || text.length > MAX_CHARS) return [];
  const faults = isVhdl(path) ? vhdlFaults(text) : verilogFaults(path, text);
  if (faults.length === 0 || (!isVhdl(path) && (await standsInPart(index, path, text, faults)))) return [];
  let line = 1;
  let lineStart = 0;
  return faults
    .toSorted((a, b) => a.start - b.start)
    .map(({ code, name, other, start, end }) => {
      for (
        let next = text.indexOf('\n', lineStart);
        next !== -1 && next < start;
        next = text.indexOf('\n', lineStart)
      ) {
        line += 1;
        lineStart = next + 1;
      }
      const column = start - lineStart + 1;
      return { code, name, other, line, column, end_column: column + (end - start) };
    });
}

/** A piece of a block that begins or ends in another file, or in the body of a macro. */
async function standsInPart(
  index: SyntaxIndex,
  path: string,
  text: string,
  faults: readonly SyntaxFault[],
): Promise<boolean> {
  if (!faults.some(({ code }) => code === 'unclosed' || code === 'unopened')) return false;
  if (PARTS.test(path)) return true;
  const uses = new Set(codeOf(text).flatMap(({ kind, text: word }) => (kind === 'macro' ? [word.slice(1)] : [])));
  if (uses.size === 0 && !/`include\b/.test(text)) return false;
  await index.ready();
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (const other of index.files())
    if (index.file(other)?.syntax.includes.some((one) => one === name || one.endsWith(`/${name}`)) === true)
      return true;
  for (const use of uses)
    for (const { path: at, declaration } of index.global(use)) {
      if (declaration.kind !== 'macro') continue;
      const source = at === path ? text : await index.text(at);
      if (source !== null && !isBalanced(source.slice(declaration.start, declaration.end))) return true;
    }
  return false;
}

function isBalanced(macro: string): boolean {
  const body = macro.replace(/^`define\s+[A-Za-z_][\w$]*/, '').replaceAll(/\\\r?\n/g, '\n');
  let brackets = 0;
  let blocks = 0;
  for (const { kind, text } of codeOf(body)) {
    if (kind === 'operator') brackets += '([{'.includes(text) ? 1 : ')]}'.includes(text) ? -1 : 0;
    else if (kind === 'word') blocks += CLOSER.has(text) ? 1 : /^(?:end|join)\w*$/.test(text) ? -1 : 0;
  }
  return brackets === 0 && blocks === 0;
}
