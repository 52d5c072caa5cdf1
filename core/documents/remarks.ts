// Remarks that a document sets by hand: a raised number behind a word, and the same number before a line of its own.
// They become footnotes; exponents stay exponents.
import type { DocumentBlock, Inline, TableCell } from '@genrtl/contracts/spec-import.ts';

const LABEL = /^\s*[([]?(\d{1,2}|[a-z])[)\]]?\s*$/;

export function withRemarks(blocks: readonly DocumentBlock[]): DocumentBlock[] {
  const labels = new Set<string>();
  for (const block of blocks) {
    const label = labelOf(block);
    if (label !== undefined) labels.add(label);
  }
  if (labels.size === 0) return [...blocks];
  const inlines = (content: readonly Inline[]): Inline[] =>
    content.map((run, at) =>
      isMark(run, content[at - 1], labels) ? { text: `[^${LABEL.exec(run.text)?.[1] ?? ''}]` } : run,
    );
  const within = (block: DocumentBlock): DocumentBlock => {
    switch (block.type) {
      case 'paragraph':
      case 'heading':
      case 'item':
        return { ...block, content: inlines(block.content) };
      case 'table': {
        const cell = (one: TableCell): TableCell => ({ ...one, blocks: one.blocks.map(within) });
        return { ...block, rows: block.rows.map((row) => ({ cells: row.cells.map(cell) })) };
      }
      default:
        return block;
    }
  };
  return blocks.map((block) => {
    const label = labelOf(block);
    if (label === undefined || block.type !== 'paragraph') return within(block);
    return { type: 'footnote', label, content: inlines(withoutLabel(block.content)) };
  });
}

/** The number that a paragraph begins with, raised, and text behind it. */
function labelOf(block: DocumentBlock): string | undefined {
  if (block.type !== 'paragraph') return undefined;
  const [first, ...rest] = block.content;
  if (first?.marks?.includes('superscript') !== true || rest.every((run) => run.text.trim() === '')) return undefined;
  return LABEL.exec(first.text)?.[1];
}

function withoutLabel([, ...rest]: readonly Inline[]): Inline[] {
  const [next, ...more] = rest;
  if (next === undefined) return [];
  const text = next.text.trimStart();
  return text === '' ? withoutLabel([next, ...more]) : [{ ...next, text }, ...more];
}

/** Behind a number or a lone letter a raised number is an exponent: `2^2`, `x^2`. */
function isMark(run: Inline, before: Inline | undefined, labels: ReadonlySet<string>): boolean {
  if (run.marks?.includes('superscript') !== true) return false;
  const label = LABEL.exec(run.text)?.[1];
  if (label === undefined || !labels.has(label) || before === undefined) return false;
  return /(?:[\p{L}_][\p{L}\p{N}_]|[\p{Script=Han}.,;:)\]}"'。，；：）])\s*$/u.test(before.text);
}
