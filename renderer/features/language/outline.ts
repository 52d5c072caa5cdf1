// An outline as the page reads it: which declarations stand around a line. Pure.
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';

export type Outline = IpcResponse<'language.outline'>;

export const EMPTY_OUTLINE: Outline = { symbols: [], folds: [], problems: [] };

/** Indexes of the declarations around a line, from the outside in. */
export function symbolsAround({ symbols }: Outline, line: number): number[] {
  let innermost: number | null = null;
  for (const [at, symbol] of symbols.entries()) {
    if (symbol.first_line <= line && line <= symbol.last_line && SCOPES.has(symbol.kind)) innermost = at;
  }
  const chain: number[] = [];
  for (let at = innermost; at !== null; at = symbols[at]?.parent ?? null) chain.unshift(at);
  return chain;
}

/** Kinds that a person thinks of as a place. */
const SCOPES: ReadonlySet<string> = new Set([
  'module',
  'interface',
  'program',
  'package',
  'class',
  'function',
  'task',
  'block',
  'instance',
  'type',
]);
