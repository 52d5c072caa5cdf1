import { describe, expect, it } from 'vitest';
import { cpuMs } from './fixtures/cpu-time.ts';
import { cellText, readMarkdown } from './markdown.ts';

const tables = (text: string) => readMarkdown(text).flatMap((section) => section.tables);

describe('what a cell does not say', () => {
  it.each([
    ['~~8~~ 16', '16'],
    ['~~gone~~', ''],
    ['8[^1]', '8'],
    ['W − １', 'W - 1'],
    ['<s>8</s> 16', '16'],
    ['<del>gone</del>', ''],
    ['2<sup>N</sup>', '2^N'],
    ['a < b && c </d', 'a < b && c </d'],
    ['the ~~old value~~ new ~~one~~', 'the new'],
    ['~~a & ~~b', '~~a & ~~b'],
    ['(~~a)&(~~b)', '(~~a)&(~~b)'],
    ['x ? ~~a : ~~b', 'x ? ~~a : ~~b'],
    ['~~a&~~b', '~~a&~~b'],
    ['a ^ ~~b', 'a ^ ~~b'],
  ])('%s is %s', (raw, text) => {
    expect(cellText(raw)).toBe(text);
  });
});

describe('readMarkdown', () => {
  it('keeps line numbers through BOM, CRLF, comments and fences', () => {
    const text =
      '\uFEFF# T\r\n\r\n<!-- a\r\n## Hidden\r\n-->\r\n```md\r\n## Also hidden\r\n| a |\r\n|---|\r\n```\r\n## S\r\n| A | B |\r\n|---|:-:|\r\n| 1 | 2 |\r\n';
    const sections = readMarkdown(text);
    expect(sections.map(({ heading, line }) => [heading, line])).toEqual([
      ['', 1],
      ['T', 1],
      ['S', 11],
    ]);
    expect(sections[2]?.tables).toEqual([
      { line: 12, headings: ['T', 'S'], header: ['A', 'B'], rows: [{ line: 14, cells: ['1', '2'], overflow: false }] },
    ]);
    expect(sections[1]?.code[0]).toMatchObject({ language: 'md', line: 7 });
  });

  it('cuts cells at unescaped pipes only and marks overflowing rows', () => {
    const [table] = tables('| A | B |\n|--|--|\n| a \\| b | `c \\|\\| d` |\n| a | b | c |\n| a |\n');
    expect(table?.rows.map(({ cells, overflow }) => [cells.slice(0, 2), overflow])).toEqual([
      [['a | b', 'c || d'], false],
      [['a', 'b'], true],
      [['a', ''], false],
    ]);
  });

  it('reads tables without outer pipes and ends them at text', () => {
    const [table] = tables('A | B\n--|--\n1 | 2\nand so on\n');
    expect(table?.rows).toHaveLength(1);
  });

  it('tells rows that no header governs', () => {
    const [, section] = readMarkdown('## S\n| A | B |\n| 1 | 2 |\n');
    expect(section?.strayRows).toEqual([2, 3]);
    expect(readMarkdown('## S\n| A | B |\n|---|\n| 1 | 2 |\n')[1]?.strayRows).toEqual([2, 3, 4]);
  });

  it('knows underlined headings and leaves indented code alone', () => {
    const sections = readMarkdown('Title\n=====\n\nPorts\n-----\n\n    ## not a heading\n    | a |\n    |---|\n');
    expect(sections.map(({ level, heading }) => [level, heading])).toEqual([
      [0, ''],
      [1, 'Title'],
      [2, 'Ports'],
    ]);
    expect(sections[2]?.tables).toEqual([]);
  });

  it('closes a fence only by one of its own kind', () => {
    expect(readMarkdown('````\n```\n## no\n````\n## yes\n').map(({ heading }) => heading)).toEqual(['', 'yes']);
    expect(readMarkdown('~~~\n## no').map(({ heading }) => heading)).toEqual(['']);
  });

  it('undoes what editors write for punctuation', () => {
    expect(cellText('rst\\_n')).toBe('rst_n');
    expect(cellText('**clk**')).toBe('clk');
    expect(cellText('a &lt;&lt; 1 &amp;&amp; b')).toBe('a << 1 && b');
    expect(cellText('a ** b')).toBe('a ** b');
    expect(cellText('A=1,<br>B=2')).toBe('A=1, B=2');
  });

  it.each([
    ['fences', '```\n'],
    ['comments', '<!--\n'],
    ['pipes', '|'],
    ['rows', '| a | b |\n|---|---|\n'],
    ['hashes', '#'],
    ['escapes', '\\|'],
    ['blank lines', '\n'],
    ['backticks', '`|\n'],
  ])('stays linear on 3 MB of %s', (_, piece) => {
    expect(cpuMs(() => readMarkdown(piece.repeat(Math.floor(3_000_000 / piece.length))))).toBeLessThan(5000);
  });
});
