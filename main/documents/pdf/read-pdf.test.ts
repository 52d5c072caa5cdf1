// What PDFs do to text, each as Markdown and with what is said about it.
import { expect, test } from 'vitest';
import { writeMarkdown } from '@genrtl/core/documents/write-markdown.ts';
import { pdfTable, writePdf, type PdfMark, type PdfOptions } from '../../../test/documents/write-pdf.ts';
import { readPdf } from './read-pdf.ts';

const LIMITS = { maxCharacters: 10 * 1024 * 1024, maxPages: 2000 };

async function read(
  pages: readonly (readonly PdfMark[])[],
  options?: PdfOptions,
): Promise<{ text: string; notes: string[] }> {
  const { blocks, notes } = await readPdf(writePdf(pages, options), LIMITS);
  return {
    text: writeMarkdown(blocks),
    notes: notes.map((note) =>
      [note.kind, note.page, note.values['text']].filter((part) => part !== undefined).join(' '),
    ),
  };
}
/** Lines of running text, one below the other. */
const lines = (texts: readonly string[], x = 60, y = 100, size = 10): PdfMark[] =>
  texts.map((text, at) => ({ text, x, y: y + at * size * 1.2, size }));
const filler = (page: number): PdfMark[] =>
  lines([
    'The counter of this page counts every rising edge of the clock and stops at its',
    'limit. It is page ' + page + '.',
  ]);

test('a ruled table keeps empty cells, cells of several lines and merged cells in their columns', async () => {
  const { marks } = pdfTable({
    x: 60,
    y: 100,
    widths: [60, 80, 200],
    rows: [
      ['Bits', 'Field', 'Description'],
      ['7:4', '', 'reserved | zero'],
      ['3', 'EN_A', ''],
    ],
  });
  expect((await read([marks])).text).toBe(
    '| Bits | Field | Description |\n|---|---|---|\n| 7:4 | | reserved \\| zero |\n| 3 | EN_A | |\n',
  );
  // one cell over two rows, one of two lines
  const tall: PdfMark[] = [
    { line: [60, 100, 300, 100] },
    { line: [60, 120, 300, 120] },
    { line: [120, 140, 300, 140] },
    { line: [60, 175, 300, 175] },
    { line: [60, 100, 60, 175] },
    { line: [120, 100, 120, 175] },
    { line: [300, 100, 300, 175] },
    ...[
      ['Name', 64, 114],
      ['Meaning', 124, 114],
      ['STATUS', 64, 150],
      ['ready', 124, 134],
      ['empty when nothing', 124, 154],
      ['was written', 124, 166],
    ].map(([text, x, y]) => ({ text: String(text), x: Number(x), y: Number(y) })),
  ];
  expect((await read([tall])).text).toBe(
    '| Name | Meaning |\n|---|---|\n| STATUS | ready |\n| STATUS | empty when nothing was written |\n',
  );
});

test('a table without lines is told by position, wrapped cells included, and said to be', async () => {
  const { marks } = pdfTable({
    x: 60,
    y: 100,
    widths: [80, 60, 220],
    ruled: false,
    rows: [
      ['Port', 'Width', 'Description'],
      ['clk', '1', 'clock of everything that is in here and a'],
      ['rst_n', '', 'reset'],
      ['data', 'W', ''],
    ],
  });
  const wrapped: PdfMark[] = marks.map((mark) => ('y' in mark && mark.y > 140 ? { ...mark, y: mark.y + 12 } : mark));
  wrapped.push({ text: 'little more', x: 204, y: 139 });
  expect(await read([wrapped])).toEqual({
    text: '| Port | Width | Description |\n|---|---|---|\n| clk | 1 | clock of everything that is in here and a little more |\n| rst_n | | reset |\n| data | W | |\n',
    notes: ['tableByPosition 1'],
  });
});

/** A table without upright lines: cells at given places, a line drawn below each row. */
const spread = (xs: readonly number[], rows: readonly (readonly string[])[], y = 100, size = 10): PdfMark[] =>
  rows.flatMap((row, at) =>
    row.flatMap((text, n) => (text === '' ? [] : [{ text, x: xs[n] ?? 0, y: y + at * 16, size }])),
  );

test('columns as narrow as their heads are columns, a cell over two of them does not close the river between', async () => {
  const page = spread(
    [60, 96, 134, 162, 203, 275],
    [
      ['Offset', 'Name', 'Bits', 'Access', 'Reset', 'Description'],
      ['', '', '0', 'RW', '0', 'EN'],
      ['0x00', 'CTRL', '3:1', 'RW', '0x5', 'Mode'],
      ['', '', '31:4', 'reserved', '', '-'],
      ['0x04', 'STAT', '7:0', 'RO', '0', 'gone'],
      ['0x08', 'LOAD', '31:0', 'RW', '0xFFFF_FFFF', 'Start value'],
    ],
  );
  expect((await read([page])).text).toBe(
    [
      '| Offset | Name | Bits | Access | Reset | Description |',
      '|---|---|---|---|---|---|',
      '| | | 0 | RW | 0 | EN |',
      '| 0x00 | CTRL | 3:1 | RW | 0x5 | Mode |',
      '| | | 31:4 | reserved | | - |',
      '| 0x04 | STAT | 7:0 | RO | 0 | gone |',
      '| 0x08 | LOAD | 31:0 | RW | 0xFFFF_FFFF | Start value |',
      '',
    ].join('\n'),
  );
});

test('a column that only its head names keeps its place, and a heading between two tables parts them', async () => {
  const timing = spread(
    [60, 110, 136, 162, 190],
    [
      ['Symbol', 'Min', 'Typ', 'Max', 'Unit'],
      ['t_su', '1.2', '', '', 'ns'],
      ['t_h', '', '0.5', '', 'ns'],
      ['f_clk', '', '', '100', 'MHz'],
    ],
  );
  const states = spread(
    [60, 110, 150],
    [
      ['State', 'Next', 'When'],
      ['IDLE', 'RUN', 'go'],
      ['RUN', 'IDLE', ''],
    ],
    208,
  );
  const heading: PdfMark = { text: 'States', x: 60, y: 186, size: 13, font: 'Helvetica-Bold' };
  expect((await read([[...timing, heading, ...states]])).text).toBe(
    [
      '| Symbol | Min | Typ | Max | Unit |',
      '|---|---|---|---|---|',
      '| t_su | 1.2 | | | ns |',
      '| t_h | | 0.5 | | ns |',
      '| f_clk | | | 100 | MHz |',
      '',
      '# States',
      '',
      '| State | Next | When |',
      '|---|---|---|',
      '| IDLE | RUN | go |',
      '| RUN | IDLE | |',
      '',
    ].join('\n'),
  );
});

test('a table with lines over both columns stands between what is above and below it, a small one in its column', async () => {
  const column = (word: string, at: number): string => `${word} line ${at} of the running text of this column`;
  const text = (x: number, y: number, word: string): PdfMark[] =>
    lines(
      Array.from({ length: 6 }, (_, at) => column(word, at)),
      x,
      y,
    );
  const across = spread(
    [60, 130, 200, 330],
    [
      ['Port', 'Direction', 'Width', 'Description'],
      ['req', 'input', 'N', 'one a bit'],
      ['gnt', 'output', 'N', 'one hot'],
    ],
    220,
  );
  const floors: PdfMark[] = [206, 226, 242, 258].map((y) => ({ line: [56, y, 520, y] }));
  const small = spread(
    [60, 110, 160],
    [
      ['State', 'Next', 'When'],
      ['IDLE', 'RUN', 'go'],
      ['RUN', 'IDLE', 'end'],
      ['END', 'IDLE', '-'],
    ],
    370,
  );
  const { text: read_ } = await read([
    [
      ...text(60, 100, 'alpha'),
      ...text(320, 100, 'beta'),
      ...across,
      ...floors,
      ...text(60, 290, 'gamma'),
      ...small,
      ...text(320, 290, 'delta'),
    ],
  ]);
  const places = [
    'alpha line 5',
    'beta line 0',
    'beta line 5',
    '| gnt | output | N | one hot |',
    'gamma line 0',
    '| RUN | IDLE | end |',
    'delta line 0',
    'delta line 5',
  ];
  expect(places.map((one) => read_.indexOf(one)).every((at) => at >= 0)).toBe(true);
  expect(places).toEqual(places.toSorted((a, b) => read_.indexOf(a) - read_.indexOf(b)));
});

test('an expression that is broken at its sign in a cell is whole again', async () => {
  const cells = pdfTable({
    x: 60,
    y: 100,
    widths: [60, 60, 160],
    pitch: 30,
    rows: [
      ['Port', 'Width', 'Use'],
      ['cfg', 'WIDTH-', 'any'],
    ],
  });
  const marks = cells.marks.flatMap((mark) =>
    'text' in mark && mark.text === 'WIDTH-'
      ? [
          { ...mark, y: mark.y - 10 },
          { ...mark, text: '1' },
        ]
      : [mark],
  );
  expect((await read([marks])).text).toContain('| cfg | WIDTH-1 | any |');
});

test('headers and footers of pages of different heights are left out', async () => {
  const page = (number: number, height: number): PdfMark[] => [
    { text: 'Timer specification', x: 60, y: 30 },
    ...filler(number),
    { text: `${number} of 3`, x: 280, y: height - 25 },
  ];
  const pages = [1, 2, 3].map((number) => page(number, number === 3 ? 595 : 842));
  const { text } = await read(pages, { heights: [842, 842, 595] });
  expect(text).not.toContain('of 3');
  expect(text).not.toContain('Timer specification');
});

test('a table that goes on overleaf is one table, its repeated header once', async () => {
  const header = ['Cycle', 'Drive', 'Expect'];
  const part = (rows: readonly (readonly string[])[]): PdfMark[] =>
    pdfTable({ x: 60, y: 100, widths: [60, 120, 120], rows: [header, ...rows] }).marks;
  const { text } = await read([part([['0', 'rst_n=0', '']]), part([['2', 'rst_n=1', 'q=0']])]);
  expect(text).toBe(
    '<!-- page 1 -->\n\n| Cycle | Drive | Expect |\n|---|---|---|\n| 0 | rst_n=0 | |\n| 2 | rst_n=1 | q=0 |\n\n<!-- page 2 -->\n',
  );
});

test('the one row of a ruled table that goes overleaf stays a row, empty cells and all', async () => {
  const widths = [60, 120, 120];
  const rows = [
    ['Cycle', 'Drive', 'Expect'],
    ['0', 'rst_n=0', ''],
  ];
  const { text } = await read([
    pdfTable({ x: 60, y: 100, widths, rows }).marks,
    pdfTable({ x: 60, y: 60, widths, rows: [['11', '', 'q=0']] }).marks,
  ]);
  expect(text).toContain('| 0 | rst_n=0 | |\n| 11 | | q=0 |');
});

test('raised numbers with a line of their own below are footnotes, others stay exponents', async () => {
  const raised = (text: string, x: number, y: number): PdfMark => ({ text, x, y: y - 4, size: 6, font: 'Courier' });
  const page: PdfMark[] = [
    { text: 'cnt', x: 60, y: 100, font: 'Courier' },
    raised('2', 78, 100),
    { text: 'counts to 2', x: 60, y: 130, font: 'Courier' },
    raised('2', 126, 130),
    { text: 'and to W', x: 135, y: 130, font: 'Courier' },
    raised('1', 183, 130),
    raised('1', 60, 700),
    { text: 'not used', x: 65, y: 700, size: 8 },
    raised('2', 60, 712),
    { text: 'as in the code', x: 65, y: 712, size: 8 },
  ];
  const { text } = await read([page]);
  expect(text).toContain('cnt[^2]');
  expect(text).toContain('counts to 2^2 and to W^1');
  expect(text).toContain('[^1]: not used\n[^2]: as in the code');
});

test('two columns are read one after the other, what goes across them in its place', async () => {
  const column = (word: string): string[] =>
    Array.from({ length: 8 }, (_, at) => `${word} column line ${at} of the running text here`);
  const page = [
    { text: 'A heading over both', x: 60, y: 80, size: 16 },
    ...lines(column('left'), 60, 120),
    ...lines(column('right'), 320, 120),
    ...lines(['And a last sentence that runs over the whole width of the page, below both of the columns.'], 60, 240),
  ];
  const { text } = await read([page]);
  const order = ['A heading', 'left column line 7', 'right column line 0', 'right column line 7', 'And a last'].map(
    (piece) => text.indexOf(piece),
  );
  expect(order.every((at) => at >= 0)).toBe(true);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('exponents and indices by place, by character, and none where a line is only small', async () => {
  const page: PdfMark[] = [
    { text: 'wraps after 2', x: 60, y: 100 },
    { text: '32', x: 120.5, y: 96, size: 6 },
    { text: 'cycles of V', x: 130, y: 100 },
    { text: 'DD', x: 179.5, y: 102, size: 6 },
    { text: 'and x² at ½', x: 192, y: 100 },
    { text: 'a small line of its own', x: 60, y: 130, size: 6 },
  ];
  expect((await read([page])).text).toContain('wraps after 2^32 cycles of V_DD and x^2 at ½');
  expect((await read([page])).text).toContain('\na small line of its own');
});

test('a subscript half a line below is one, and a title that says nothing is none', async () => {
  const page: PdfMark[] = [
    { text: 'Sampling', x: 60, y: 80, size: 18 },
    { text: 'The value of x', x: 60, y: 100, size: 10 },
    { text: 'i', x: 123, y: 105, size: 8 },
    { text: 'is sampled once a cycle.', x: 129, y: 100, size: 10 },
    ...lines(['The next line stands where lines stand.'], 60, 114),
  ];
  const { text } = await read([page], { title: '(anonymous)' });
  expect(text).not.toContain('anonymous');
  expect(text).toMatch(/x_i is sampled once a cycle\./);
});

test('an exponent behind an index belongs to the same letter', async () => {
  const page: PdfMark[] = [
    { text: 'the sum of x', x: 60, y: 100, font: 'Courier' },
    { text: '2', x: 143, y: 96, size: 6, font: 'Courier' },
    { text: 'i+1', x: 132, y: 102, size: 6, font: 'Courier' },
    { text: 'is kept', x: 166, y: 100, font: 'Courier' },
  ];
  expect((await read([page])).text).toContain('x_(i+1)^2');
});

test('a line through words strikes them, and only them', async () => {
  const page: PdfMark[] = [
    ...lines(['The reset is asynchronous synchronous here.']),
    { line: [116.7, 97, 178, 97] },
    { line: [60, 101.5, 100, 101.5] },
  ];
  expect(await read([page])).toEqual({
    text: 'The reset is ~~asynchronous~~ synchronous here.\n',
    notes: ['struckText'],
  });
});

test('headers, footers and page numbers are left out and said; pages keep an anchor', async () => {
  const pages = [1, 2, 3, 4].map((number) => [
    { text: 'Timer specification', x: 60, y: 40 },
    { text: `Rev 1.2`, x: 480, y: 40 },
    ...filler(number),
    { text: `Page ${number} of 4`, x: 280, y: 810 },
  ]);
  const { text, notes } = await read(pages);
  expect(text).not.toContain('Timer specification');
  expect(text).not.toContain('of 4');
  expect(text).toContain('<!-- page 3 -->');
  expect(text).toContain('It is page 3.');
  expect(notes).toEqual(['repeatedLine Timer specification Rev 1.2']);
});

test('the head of a table at the top of every page is no header of the pages', async () => {
  const pages = [0, 1, 2].map(
    (at) =>
      pdfTable({
        x: 60,
        y: 50,
        widths: [60, 120],
        rows: [
          ['Cycle', 'Drive'],
          [`${at}`, `d=${at}`],
        ],
      }).marks,
  );
  expect((await read(pages)).text).toContain('| Cycle | Drive |\n|---|---|\n| 0 | d=0 |\n| 1 | d=1 |\n| 2 | d=2 |');
});

test('contents pages are left out and said', async () => {
  const entry = (name: string, page: number, y: number): PdfMark => ({
    text: `${name} ${'.'.repeat(60)} ${page}`,
    x: 60,
    y,
  });
  const contents = [
    { text: 'Contents', x: 60, y: 80, size: 16 },
    entry('1 Ports', 2, 110),
    entry('2 Registers', 3, 124),
    entry('3 Checks', 4, 138),
  ];
  const { text, notes } = await read([contents, [{ text: '1 Ports', x: 60, y: 80, size: 16 }, ...filler(2)]]);
  expect(text).not.toContain('....');
  expect(text).not.toContain('Contents');
  expect(text).toContain('# 1 Ports');
  expect(notes).toEqual(['contents 1']);
});

test('words that were parted at the end of a line are whole, compounds and names keep their hyphen', async () => {
  const page = lines([
    'The read-only register is reached over the bus and it is syn-',
    'chronous to the clock; nothing else may write this read-',
    'only register, which is why it is called stat_rx_fifo_',
    'level in the rest of this text, as it was in the first.',
  ]);
  const { text } = await read([page]);
  expect(text).toContain('it is synchronous to');
  expect(text).toContain('this read-only register');
  expect(text).toContain('stat_rx_fifo_level in');
});

test('running text is joined, lines of their own stay lines', async () => {
  const page = [
    ...lines([
      'The divider takes the clock apart and gives one pulse for every so many of its',
      'edges, which the programmer sets.',
    ]),
    ...lines(['module: clk_div', 'language: SystemVerilog'], 60, 150),
  ];
  expect((await read([page])).text).toBe(
    'The divider takes the clock apart and gives one pulse for every so many of its edges, which the programmer sets.\n\nmodule: clk_div\nlanguage: SystemVerilog\n',
  );
});

test('ligatures are letters', async () => {
  const objects = [
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[1/fi/fl]>>>>',
  ];
  const page: PdfMark[] = [{ raw: 'BT /F7 10 Tf 60 700 Td (\\001rst \\002ag) Tj ET' }];
  expect((await read([page], { objects, fonts: '/F7 100 0 R' })).text).toBe('first flag\n');
});

test('listings keep their lines and their indentation', async () => {
  const page: PdfMark[] = [
    { text: 'module top (', x: 60, y: 100, font: 'Courier' },
    { text: 'input clk', x: 72, y: 112, font: 'Courier' },
    { text: ');', x: 60, y: 124, font: 'Courier' },
  ];
  expect((await read([page])).text).toBe('```\nmodule top (\n  input clk\n);\n```\n');
});

test('headings by size and by number', async () => {
  const page: PdfMark[] = [
    { text: 'Timer', x: 60, y: 80, size: 24 },
    { text: '1 Interface', x: 60, y: 120, size: 16 },
    { text: '1.1 Ports', x: 60, y: 150, size: 12, font: 'Helvetica-Bold' },
    ...lines(['The ports are few and the table below this sentence lists them all in full.'], 60, 170),
    { text: '1.2 Clocks', x: 60, y: 200, size: 12, font: 'Helvetica-Bold' },
    ...lines(['There is one clock in this design and it is never gated or divided at all.'], 60, 220),
  ];
  expect((await read([page])).text.split('\n').filter((line) => line.startsWith('#'))).toEqual([
    '# Timer',
    '## 1 Interface',
    '### 1.1 Ports',
    '### 1.2 Clocks',
  ]);
});

const IMAGE =
  '<</Type/XObject/Subtype/Image/Width 40000/Height 40000/ColorSpace/DeviceGray/BitsPerComponent 8/Length 3>>stream\nabc\nendstream';
const drawn: PdfMark = { raw: 'q 400 0 0 400 60 300 cm /Im1 Do Q' };

test('a page without text and pictures beside text are said; a picture is never unpacked', async () => {
  const options = { objects: [IMAGE], resources: '/XObject<</Im1 100 0 R>>' };
  const { text, notes } = await read([[drawn], [...filler(2), drawn], []], options);
  expect(text).toContain('It is page 2.');
  expect(notes).toEqual(['pageWithoutText 1', 'pictures 2', 'emptyPage 3']);
});

test('text aslant, text beside the page and text on a hidden layer are not taken for text', async () => {
  const page: PdfMark[] = [
    ...filler(1),
    { text: 'CONFIDENTIAL', x: 200, y: 500, size: 40, angle: 45 },
    { text: 'beside', x: 900, y: 300 },
    { raw: '/OC /Off BDC BT /F0 10 Tf 60 500 Td (switched off) Tj ET EMC' },
  ];
  const { text, notes } = await read([page], {
    objects: ['<</Type/OCG/Name(layer)>>'],
    resources: '/Properties<</Off 100 0 R>>',
    catalog: '/OCProperties<</OCGs[100 0 R]/D<</OFF[100 0 R]>>>>',
  });
  expect(text).not.toContain('beside');
  expect(text).not.toContain('switched off');
  expect(notes).toEqual(['hiddenText 1', 'rotatedText 1 CONFIDENTIAL']);
});

test.each([
  ['turned by the page', 90],
  ['turned the other way', 270],
  ['turned by its text', 0],
])('a table on its side is a table, each word in its cell: %s', async (_how, rotate) => {
  const { marks } = pdfTable({
    x: 60,
    y: 100,
    widths: [60, 60, 200],
    rows: [
      ['Port', 'Width', 'Use'],
      ['clk', '1', 'clock of all'],
      ['rst_n', '', 'reset'],
      ['valid', '1', 'word is there'],
    ],
  });
  const onSide = marks.map((mark): PdfMark => {
    if ('text' in mark) return { ...mark, x: mark.y, y: 842 - mark.x, angle: 90 };
    if (!('line' in mark)) return mark;
    const [x0, y0, x1, y1] = mark.line;
    return { line: [y0, 842 - x0, y1, 842 - x1] };
  });
  const { text } = await (rotate === 0 ? read([onSide]) : read([marks], { page: `/Rotate ${rotate}` }));
  expect(text).toBe(
    '| Port | Width | Use |\n|---|---|---|\n| clk | 1 | clock of all |\n| rst_n | | reset |\n| valid | 1 | word is there |\n',
  );
});

test('comments in the file are counted; scripts in it are not even looked at', async () => {
  const note = '<</Type/Annot/Subtype/Text/Rect[60 700 80 720]/Contents(why 8?)>>';
  const { notes } = await read([filler(1)], {
    objects: [note],
    page: '/Annots[100 0 R]',
    catalog: '/OpenAction<</S/JavaScript/JS(while(true){})>>',
  });
  expect(notes).toEqual(['annotations 1']);
});

test('a font whose letters nobody knows is said, and its text is no gibberish', async () => {
  // codes are numbers of shapes: A would come out as $, a blank as a control character
  const objects = [
    '<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Own/Encoding/Identity-H/DescendantFonts[101 0 R]>>',
    '<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 102 0 R/DW 600>>',
    '<</Type/FontDescriptor/FontName/ABCDEF+Own/Flags 4/FontBBox[0 0 600 700]/ItalicAngle 0/Ascent 700/Descent 0/CapHeight 700/StemV 80>>',
  ];
  const page: PdfMark[] = [...filler(1), { raw: 'BT /F7 10 Tf 60 500 Td <0024002500260003002700280029> Tj ET' }];
  const bytes = writePdf([page], { objects, fonts: '/F7 100 0 R' });
  const { blocks, notes } = await readPdf(bytes, LIMITS);
  expect(writeMarkdown(blocks)).not.toContain('$%&');
  expect(notes).toMatchObject([{ kind: 'fontWithoutMapping', page: 1, values: { name: 'Own', count: '7' } }]);
});

test('Chinese text of fonts that the file does not carry is read', async () => {
  const font = (encoding: string, ordering: string): string[] => [
    `<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/${encoding}/DescendantFonts[101 0 R]>>`,
    `<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(${ordering})/Supplement 2>>/FontDescriptor 102 0 R/DW 1000>>`,
    '<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>',
  ];
  const cases: readonly (readonly [encoding: string, ordering: string, hex: string, expected: string])[] = [
    ['UniGB-UCS2-H', 'GB1', '63A75236 5BC45B58 5668', '控制寄存器'],
    ['GBK-EUC-H', 'GB1', 'BFD8D6C6 BCC4B4E6 C6F7', '控制寄存器'],
    ['UniJIS-UTF16-H', 'Japan1', '5236 5FA1', '制御'],
    ['ETen-B5-H', 'CNS1', 'B1B1 A8EE', '控制'],
  ];
  for (const [encoding, ordering, hex, expected] of cases) {
    const page: PdfMark[] = [{ raw: `BT /F7 10 Tf 60 700 Td <${hex.replaceAll(' ', '')}> Tj ET` }];
    const bytes = writePdf([page], { objects: font(encoding, ordering), fonts: '/F7 100 0 R' });
    const { blocks, notes } = await readPdf(bytes, LIMITS);
    expect([encoding, writeMarkdown(blocks)]).toEqual([encoding, `${expected}\n`]);
    expect(notes).toEqual([]);
  }
});

test('a page that is damaged is said, the others are read', async () => {
  const bytes = writePdf([filler(1), filler(2)]);
  const content = bytes.indexOf('stream\n') + 'stream\n'.length;
  for (let at = content + 40; at < content + 60; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 0x5a;
  const { blocks, notes } = await readPdf(bytes, LIMITS);
  expect(writeMarkdown(blocks)).toContain('It is page 2.');
  expect(notes).toMatchObject([{ kind: 'damagedPage', page: 1, level: 'lost' }]);
});
