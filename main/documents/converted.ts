// What a conversion gives, whatever the file was.
import type { DocumentBlock, ImportNote, SpecSource } from '@genrtl/contracts/spec-import.ts';
import { writeMarkdown } from '@genrtl/core/documents/write-markdown.ts';

export interface ConvertedDocument {
  readonly markdown: string;
  readonly notes: readonly ImportNote[];
  /** how the import view shows the file itself */
  readonly source: SpecSource;
}

/** Text beyond this is refused: 10 MB, about 5,000 pages. */
export const MAX_SPEC_BYTES = 10 * 1024 * 1024;

/** Characters of a document that the import view shows of its own layout; the Markdown beside it is whole. */
const MAX_SHOWN_CHARACTERS = 400_000;
const MAX_SHOWN_BLOCKS = 4000;

export function fromBlocks(blocks: readonly DocumentBlock[], notes: readonly ImportNote[]): ConvertedDocument {
  const shown: DocumentBlock[] = [];
  let characters = 0;
  for (const block of blocks) {
    characters += weight(block);
    if (shown.length >= MAX_SHOWN_BLOCKS || (characters > MAX_SHOWN_CHARACTERS && shown.length > 0)) break;
    shown.push(block);
  }
  return {
    markdown: writeMarkdown(blocks),
    notes,
    source: { kind: 'blocks', blocks: shown, cut: shown.length < blocks.length },
  };
}

function weight(block: DocumentBlock): number {
  switch (block.type) {
    case 'table':
      return block.rows.reduce(
        (sum, row) =>
          sum + row.cells.reduce((inner, cell) => inner + 20 + cell.blocks.reduce((n, one) => n + weight(one), 0), 0),
        0,
      );
    case 'code':
      return block.text.length;
    case 'page':
      return 1;
    default:
      return 20 + block.content.reduce((sum, run) => sum + run.text.length, 0);
  }
}
