// The tokens of the text that was read last: declarations and faults of syntax are read from the same ones.
import { lex } from '@genrtl/core/hdl/lexer.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';

let last: { readonly text: string; readonly tokens: readonly Token[] } | null = null;

/** Tokens of a longer text, a netlist, would hold too much memory. */
const MAX_KEPT_CHARS = 1_000_000;

export function tokensOf(text: string): readonly Token[] {
  if (text.length > MAX_KEPT_CHARS) return lex(text);
  if (last?.text !== text) last = { text, tokens: lex(text) };
  return last.tokens;
}
