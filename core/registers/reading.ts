// What every reader of a description gives, and how it says that a file is not what its name promises.
import type { ImportNote } from '@genrtl/contracts/spec-import.ts';
import { evaluate } from '../spec/expr/constant.ts';
import { parseExpr } from '../spec/expr/parser.ts';
import type { Description } from './model.ts';

export interface ReadDescription {
  readonly description: Description;
  readonly notes: readonly ImportNote[];
}

/** The text is no description of that kind; the message is a clause about the file. */
export class DescriptionError extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.name = 'DescriptionError';
    this.line = line;
  }
}

/** More registers, fields and array elements than any block has; hostile sizes end here. */
export const MAX_ENTRIES = 50_000;

/** `10`, `0x1F`, `8'hFF`, `1_000`, `0b11`, `16#ff`; undefined for anything else. */
export function numberOf(text: string): bigint | undefined {
  const bare = text.trim().replaceAll('_', '');
  const sized = /^(?:\d*\s*'\s*[sS]?([bodhBODH])|([hH]))\s*([0-9a-fA-F]+)$/.exec(bare);
  const [, marked, bareBase, digits] = sized ?? [];
  const base = marked ?? bareBase;
  try {
    if (base !== undefined && digits !== undefined) {
      const radix = { b: '0b', o: '0o', d: '', h: '0x' }[base.toLowerCase()] ?? '';
      return BigInt(radix + digits);
    }
    if (/^(0[xX][0-9a-fA-F]{1,64}|0[bB][01]{1,256}|\d{1,78})$/.test(bare)) return BigInt(bare.toLowerCase());
    if (/^[0-9a-fA-F]{1,64}[hH]$/.test(bare)) return BigInt(`0x${bare.slice(0, -1)}`);
  } catch {
    return undefined;
  }
  return undefined;
}

/** The value of an expression over parameters, with Verilog's operators; undefined where it has none. */
export function constantOf(text: string, parameters: (name: string) => bigint | undefined): bigint | undefined {
  const number = numberOf(text);
  if (number !== undefined || text.length > 400) return number;
  const parsed = parseExpr(text.replaceAll(/\b0[xX]([0-9a-fA-F_]+)/g, "'h$1"));
  return 'expr' in parsed ? evaluate(parsed.expr, parameters) : undefined;
}
