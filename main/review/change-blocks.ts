// A file's change cut into blocks, the smallest pieces that a person accepts or rejects. Pure.
import { createHash } from 'node:crypto';
import { diffArrays } from 'diff';

/**
 * A run of removed and added lines between unchanged ones. Lines keep their endings, so that joining them gives the
 * text.
 */
export interface ChangeBlock {
  /** the same for the same change, wherever it lies; counted when a file holds it several times */
  readonly id: string;
  /** index of the first line, from 0 */
  readonly oldStart: number;
  readonly newStart: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Beyond this the two texts have little in common, and one block says so. */
const DIFF_LIMIT_MS = 2000;

/** Every line with its ending; a last line without one stays as it is. */
export function linesOf(text: string | null): string[] {
  return text?.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

const contentKey = (removed: readonly string[], added: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([removed, added]))
    .digest('hex')
    .slice(0, 16);

/** Blocks in the order of the file; null stands for a file that does not exist. */
export function changeBlocks(before: string | null, after: string | null): ChangeBlock[] {
  if (before === after) return [];
  const old = linesOf(before);
  const now = linesOf(after);
  // Chunks come as runs of equal, removed and added lines; undefined when the limit was reached.
  const chunks = diffArrays(old, now, { timeout: DIFF_LIMIT_MS }) as ReturnType<typeof diffArrays<string>> | undefined;
  if (chunks === undefined || before === null || after === null)
    return numbered([{ oldStart: 0, newStart: 0, removed: old, added: now }]);
  const blocks: Omit<ChangeBlock, 'id'>[] = [];
  let oldAt = 0;
  let newAt = 0;
  let open: { oldStart: number; newStart: number; removed: string[]; added: string[] } | null = null;
  for (const chunk of chunks) {
    if (!chunk.added && !chunk.removed) {
      open = null;
      oldAt += chunk.value.length;
      newAt += chunk.value.length;
      continue;
    }
    if (open === null) {
      open = { oldStart: oldAt, newStart: newAt, removed: [], added: [] };
      blocks.push(open);
    }
    if (chunk.removed) {
      open.removed.push(...chunk.value);
      oldAt += chunk.value.length;
    } else {
      open.added.push(...chunk.value);
      newAt += chunk.value.length;
    }
  }
  return numbered(blocks);
}

function numbered(blocks: readonly Omit<ChangeBlock, 'id'>[]): ChangeBlock[] {
  const seen = new Map<string, number>();
  return blocks.map((block) => {
    const key = contentKey(block.removed, block.added);
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return { ...block, id: nth === 1 ? key : `${key}-${nth}` };
  });
}

/**
 * The text after the change without some of its blocks; null when nothing is left of a file that the change created.
 */
export function withoutBlocks(
  before: string | null,
  after: string | null,
  blocks: readonly ChangeBlock[],
  dropped: ReadonlySet<string>,
): string | null {
  if (blocks.every((block) => dropped.has(block.id))) return before;
  const now = linesOf(after);
  const kept: string[] = [];
  let at = 0;
  for (const block of blocks) {
    kept.push(...now.slice(at, block.newStart), ...(dropped.has(block.id) ? block.removed : block.added));
    at = block.newStart + block.added.length;
  }
  return [...kept, ...now.slice(at)].join('');
}
