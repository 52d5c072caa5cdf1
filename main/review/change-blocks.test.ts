import { describe, expect, it } from 'vitest';
import { changeBlocks, withoutBlocks } from './change-blocks.ts';

const BEFORE = 'module m;\n  wire a;\n  wire b;\n  wire c;\nendmodule\n';
const AFTER = 'module m;\n  wire a1;\n  wire b;\n  wire c;\n  wire d;\nendmodule\n';

describe('change blocks', () => {
  it('are cut at every unchanged line', () => {
    expect(
      changeBlocks(BEFORE, AFTER).map(({ oldStart, newStart, removed, added }) => ({
        oldStart,
        newStart,
        removed,
        added,
      })),
    ).toEqual([
      { oldStart: 1, newStart: 1, removed: ['  wire a;\n'], added: ['  wire a1;\n'] },
      { oldStart: 4, newStart: 4, removed: [], added: ['  wire d;\n'] },
    ]);
  });

  it('keep their id when other lines move them', () => {
    const [, second] = changeBlocks(BEFORE, AFTER);
    const [moved] = changeBlocks(
      `// head\n${BEFORE}`,
      `// head\n${BEFORE.replace('endmodule', '  wire d;\nendmodule')}`,
    );
    expect(moved?.id).toBe(second?.id);
    expect(moved?.newStart).toBe(5);
  });

  it('tell equal changes of one file apart', () => {
    const ids = changeBlocks('a\nb\na\n', 'x\nb\nx\n').map((block) => block.id);
    expect(ids[1]).toBe(`${ids[0] ?? ''}-2`);
  });

  it.each([
    ['LF', BEFORE, AFTER],
    ['CR LF', BEFORE.replaceAll('\n', '\r\n'), AFTER.replaceAll('\n', '\r\n')],
    ['no newline at the end', BEFORE.trimEnd(), AFTER.trimEnd()],
    ['an added newline at the end', BEFORE.trimEnd(), AFTER],
    ['an empty file', '', AFTER],
    ['everything gone', BEFORE, ''],
  ])('taken out one by one or together give the text before, byte for byte (%s)', (_, before, after) => {
    const blocks = changeBlocks(before, after);
    expect(blocks.length).toBeGreaterThan(0);
    expect(withoutBlocks(before, after, blocks, new Set(blocks.map((block) => block.id)))).toBe(before);
    expect(withoutBlocks(before, after, blocks, new Set())).toBe(after);
    let text: string | null = after;
    for (const { id } of blocks) text = withoutBlocks(before, text, changeBlocks(before, text), new Set([id]));
    expect(text).toBe(before);
  });

  it('a created file is one block, and without it the file is gone', () => {
    const [only, ...others] = changeBlocks(null, AFTER);
    expect(others).toEqual([]);
    expect(withoutBlocks(null, AFTER, changeBlocks(null, AFTER), new Set([only?.id ?? '']))).toBeNull();
  });

  it('a deleted file is one block, and without it the file is back', () => {
    const blocks = changeBlocks(BEFORE, null);
    expect(withoutBlocks(BEFORE, null, blocks, new Set(blocks.map((block) => block.id)))).toBe(BEFORE);
  });
});
