// Where a word that may open a block does open one.
import { CLOSER } from '@genrtl/core/hdl/blocks.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';

/** Blocks that also stand inside brackets; of the others the word there is a type or a direction. */
const IN_BRACKETS: ReadonlySet<string> = new Set(['begin', 'module', 'macromodule', 'case', 'casex', 'casez']);
const CHECKS: ReadonlySet<string> = new Set(['assert', 'assume', 'cover', 'restrict', 'expect']);
/** Before `function` and `task` of which only the head stands here. */
const HEAD_ONLY: ReadonlySet<string> = new Set(['extern', 'pure', 'import', 'export', 'with']);
const LOOK_BACK = 8;

/**
 * What closes the block that the keyword at `at` opens; null: it opens none. `around` closes the innermost open one.
 */
export function opensBlock(
  code: readonly Token[],
  at: number,
  word: string,
  inBrackets: boolean,
  around: string,
): string | null {
  const closer = CLOSER.get(word);
  if (closer === undefined || (inBrackets && !IN_BRACKETS.has(word))) return null;
  const before = code[at - 1]?.text ?? '';
  const next = code[at + 1];
  const behind = code[at + 2]?.text ?? '';
  const named = next !== undefined && ['word', 'escaped', 'macro', 'system'].includes(next.kind);
  if (before === '.') return null;
  switch (word) {
    case 'fork':
      return before === 'disable' || before === 'wait' ? null : closer;
    case 'interface':
      return before === 'virtual' || before === 'typedef' || next?.text === 'class' || !named ? null : closer;
    case 'class':
      return before === 'typedef' || code[at - 2]?.text === 'typedef' ? null : closer;
    case 'module':
    case 'macromodule':
    case 'program':
      return before === 'extern' || !named ? null : closer;
    case 'checker':
    case 'package':
    case 'primitive':
      return named ? closer : null;
    case 'table':
      return around === 'endprimitive' ? closer : null;
    case 'config':
      return around === '' && named && behind === ';' ? closer : null;
    case 'property':
    case 'sequence':
      return CHECKS.has(before) || !named ? null : closer;
    case 'clocking':
      return before === 'default' && named && behind === ';' ? null : closer;
    case 'function':
    case 'task':
      return isHead(code, at) ? null : closer;
    default:
      return closer;
  }
}

function isHead(code: readonly Token[], at: number): boolean {
  for (let index = at - 1; index >= 0 && index >= at - LOOK_BACK; index -= 1) {
    const token = code[index];
    if (token === undefined || token.text === ';' || token.text === ')') return false;
    if (token.kind === 'word' && HEAD_ONLY.has(token.text)) return true;
  }
  return false;
}
