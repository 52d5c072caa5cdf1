// What a document is cut into: blocks that follow one another without a gap, each a thing that belongs together.

export type DocumentFormat = 'markdown' | 'verilog';

/**
 * Concatenating the blocks of a text in their order gives the text. Offsets are UTF-16 units, the end behind the last.
 */
export interface Block {
  readonly start: number;
  readonly end: number;
  readonly kind: BlockKind;
  /** begins a section, of this rank: 1 outermost; null: it goes on in the section that is open */
  readonly opens: number | null;
  /** belongs to what stands before it: a text is not cut in front of it while there is another place */
  readonly follows: boolean;
}

export type BlockKind =
  | 'heading'
  | 'paragraph'
  | 'list'
  | 'table'
  | 'fence'
  | 'code'
  | 'quote'
  | 'html'
  | 'math'
  | 'front-matter'
  | 'rule'
  // Verilog
  | 'header'
  | 'item'
  | 'end';

/** The blocks of a text, and where one that is too long alone may be cut, the best places first. */
export interface BlockReader {
  blocks(text: string): Block[];
  /** offsets inside the block, ascending; `grade` counts from 0, null when there is none left */
  cuts(text: string, block: Block, grade: number): readonly number[] | null;
}
