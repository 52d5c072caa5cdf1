// Small pieces of SystemVerilog text that the module and its bench share.
import { decimal, type Expr } from '../expr/ast.ts';
import { printExpr } from '../expr/print.ts';
import { isFixed, type Width } from '../expr/width.ts';

/** `[7:0]`, `[WIDTH-1:0]`, or nothing for a single bit. */
export function range(width: Width): string {
  if (isFixed(width)) return width.bits === 1 ? '' : `[${width.bits - 1}:0]`;
  return `[${compact(minusOne(width.expr))}:0]`;
}

function minusOne(expr: Expr): Expr {
  if (expr.kind === 'binary' && expr.operator === '+' && expr.right.kind === 'literal' && expr.right.value === 1n)
    return expr.left;
  return { kind: 'binary', operator: '-', left: expr, right: decimal(1) };
}

/** Without blanks where none of the operators could run together. */
function compact(expr: Expr): string {
  const text = printExpr(expr, () => '');
  return /[-+&|~] [-+&|~]|[?:]/.test(text) ? text : text.replaceAll(' ', '');
}

/** Pads every cell of a column but the last to the column's width; trailing blanks are cut. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, at) => (widths[at] === 0 ? '' : at === row.length - 1 ? cell : `${cell.padEnd(widths[at] ?? 0)} `))
      .join('')
      .trimEnd(),
  );
}

const COMMENT_LENGTH = 160;

/**
 * Text of the author for a line comment. Callers put a name before it, so that it can never begin a comment and be
 * taken for a tool's directive; control characters, line breaks and bidirectional overrides are dropped.
 */
export function commentText(text: string): string {
  const clean = text
    .slice(0, 4 * COMMENT_LENGTH)
    .replace(/[\p{C}\p{Zl}\p{Zp}\\`]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return clean.length > COMMENT_LENGTH ? `${clean.slice(0, COMMENT_LENGTH - 1).trimEnd()}…` : clean;
}
