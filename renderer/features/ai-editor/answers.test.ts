import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { survivingChars, noAcceptance, readAcceptance, withAccepted, withLook } from './acceptance.ts';
import { anchorAt, placeAgain, snapshotOf } from './anchor.ts';
import { likeSelection, unfenced, unfencedSoFar, withLineEnds } from './answer-text.ts';
import { applied, hunksOf } from './hunks.ts';
import { painter } from './paint.ts';

const TEXT = `module a;
  // counts
  always_ff @(posedge clk) count <= count + 1;
  assign done = count == LIMIT;
endmodule
`;
const selection = (text: string, marked: string): [number, number] => [
  text.indexOf(marked),
  text.indexOf(marked) + marked.length,
];

describe('an answer goes where its text still stands', () => {
  const [start, end] = selection(TEXT, 'count == LIMIT');
  const anchor = anchorAt(TEXT, start, end, 5);
  test('in the same document as it is', () => {
    expect(placeAgain(anchor, TEXT, 5)).toEqual({ kind: 'same', start, end });
  });
  test('after a comment elsewhere was changed: said so', () => {
    const changed = TEXT.replace('// counts', '// counts the clocks, and stops');
    expect(placeAgain(anchor, changed, 6)).toMatchObject({ kind: 'moved', start: start + 22 });
  });
  test('not when the text is gone or stands there twice', () => {
    expect(placeAgain(anchor, TEXT.replace('LIMIT', 'LAST'), 6)).toEqual({ kind: 'refused', reason: 'gone' });
    expect(placeAgain(anchor, TEXT + TEXT, 6)).toEqual({ kind: 'refused', reason: 'ambiguous' });
    expect(placeAgain(anchor, '', 6)).toEqual({ kind: 'refused', reason: 'gone' });
  });
  test('after the line below the place was changed', () => {
    const longer = TEXT.replace('// counts', '// counts the clocks that it saw');
    const at = longer.indexOf('saw') + 3;
    expect(placeAgain(anchorAt(longer, at, at, 5), longer.replace('count + 1', 'count + 2'), 6)).toEqual({
      kind: 'moved',
      start: at,
      end: at,
    });
  });
  test('a cursor needs surroundings that say where it is', () => {
    const at = anchorAt('\n\n  \n\n', 2, 2, 1);
    expect(placeAgain(at, '\n\n\n  \n\n', 2).kind).toBe('refused');
  });
  test('the snapshot has each mark once, or is none', () => {
    expect(snapshotOf(anchor)).toContain('[START_SELECTION]count == LIMIT[END_SELECTION];');
    expect(snapshotOf(anchorAt('a [END_SELECTION] b', 0, 1, 1))).toBeNull();
  });
  test('half a surrogate pair is never sent', () => {
    const text = `${'x'.repeat(5)}${'😀'.repeat(4000)}y${'😀'.repeat(4000)}`;
    const { before, after } = anchorAt(text, 8006, 8006, 1);
    expect([before, after].every((part) => part.isWellFormed())).toBe(true);
  });
});

describe('hunks', () => {
  test('each change is one, and all of them make the answer', () => {
    const hunks = hunksOf('a\nb\nc\nd\n', 'a\nB\nc\nd\ne\n');
    expect(hunks.map(({ oldText, newText }) => [oldText, newText])).toEqual([
      ['b\n', 'B\n'],
      ['', 'e\n'],
    ]);
  });
  test('for any two texts', () => {
    const line = fc.constantFrom('a\n', 'b\n', '\n', 'c', '\r\n', '  d\n');
    const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const hunks = hunksOf(before, after);
        expect(applied(before, hunks)).toBe(after);
        expect(hunks.every(({ start, end, oldText }) => before.slice(start, end) === oldText)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

test('fences around code go, those of Markdown stay; line ends and last lines are the selection’s', () => {
  expect(unfenced('```systemverilog\nassign q = d;\n```\n', false)).toBe('assign q = d;');
  expect(unfenced('```\na\n```', true)).toBe('```\na\n```');
  expect(unfenced('text\n```\na\n```', false)).toBe('text\n```\na\n```');
  expect(unfencedSoFar('```sys', false)).toBe('');
  expect(unfencedSoFar('```systemverilog\nassign q', false)).toBe('assign q');
  expect(unfencedSoFar('```sv\nassign q;\n``', false)).toBe('assign q;');
  expect(withLineEnds('a\nb\r\nc', '\r\n')).toBe('a\r\nb\r\nc');
  expect(likeSelection('a\n\n', 'x')).toBe('a');
  expect(likeSelection('a', 'x\n')).toBe('a\n');
});

test('what was accepted is looked at again: characters that stand there in their order', () => {
  expect(survivingChars('assign q = d;', 'x\nassign q = d;\ny')).toBe(13);
  expect(survivingChars('assign q = d;', 'assign q = e;')).toBe(12);
  expect(survivingChars('assign q = d;', '')).toBe(0);
  expect(survivingChars(`${'a line of text\n'.repeat(1000)}b`, 'a line of text\n')).toBe(14_000);
  const counted = withLook(withAccepted(noAcceptance(), 'complete', 13), 'complete', 30, 13, 12);
  expect(readAcceptance(JSON.stringify(counted))).toEqual(counted);
  expect(readAcceptance('{"complete": 3}')).toEqual(noAcceptance());
  expect(readAcceptance(null)).toEqual(noAcceptance());
});

test('a hidden page draws nothing, and once when it is seen again; the last word is drawn in any case', () => {
  let hidden = false;
  let drawn = 0;
  const frames: (() => void)[] = [];
  const listeners: (() => void)[] = [];
  const page = painter(() => (drawn += 1), {
    hidden: () => hidden,
    onVisibility: (listener) => {
      listeners.push(listener);
      return () => undefined;
    },
    onFrame: (callback) => {
      frames.push(callback);
      return () => undefined;
    },
  });
  const frame = (): void => frames.splice(0).forEach((callback) => callback());
  page.wanted();
  page.wanted();
  frame();
  expect(drawn).toBe(1);
  hidden = true;
  page.wanted();
  page.wanted();
  frame();
  expect(drawn).toBe(1);
  hidden = false;
  for (const listener of listeners) listener();
  frame();
  expect(drawn).toBe(2);
  hidden = true;
  page.wanted();
  page.finish();
  expect(drawn).toBe(3);
});
