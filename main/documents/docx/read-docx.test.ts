// Word's ways of writing things, each as Markdown and with what is said about it.
import { expect, test } from 'vitest';
import { writeMarkdown } from '@genrtl/core/documents/write-markdown.ts';
import {
  cell,
  heading,
  paragraph,
  row,
  run,
  table,
  writeDocx,
  xml,
  type DocxParts,
} from '../../../test/documents/write-docx.ts';
import { readDocx } from './read-docx.ts';

const LIMIT = 10 * 1024 * 1024;

async function read(parts: DocxParts | string): Promise<{ text: string; notes: string[] }> {
  const { blocks, notes } = await readDocx(writeDocx(typeof parts === 'string' ? { body: parts } : parts), LIMIT);
  return { text: writeMarkdown(blocks), notes: notes.map((note) => `${note.kind} ${note.place ?? ''}`.trim()) };
}
const text = async (parts: DocxParts | string): Promise<string> => (await read(parts)).text;

const VERTICAL = '<w:vMerge w:val="restart"/>';
const GOES_ON = '<w:vMerge/>';

test('cells stay in their columns: empty, merged down, merged across, with pipes and several lines', async () => {
  const body = table(
    row(['Offset', 'Name', 'Bits', 'Access', 'Meaning']),
    row(['0x00', 'DATA', '7:0', 'RW', 'a | b\nsecond line']),
    row([cell('0x04', VERTICAL), cell('STAT_A', VERTICAL), '0', '', 'ready']),
    row([cell('', GOES_ON), cell('', GOES_ON), '1', 'RO', '']),
    row([cell('reserved', '<w:gridSpan w:val="4"/>'), 'never written']),
  );
  expect(await text(body)).toBe(
    [
      '| Offset | Name | Bits | Access | Meaning |',
      '|---|---|---|---|---|',
      '| 0x00 | DATA | 7:0 | RW | a \\| b<br>second line |',
      '| 0x04 | STAT_A | 0 | | ready |',
      '| 0x04 | STAT_A | 1 | RO | |',
      '| reserved | | | | never written |',
      '',
    ].join('\n'),
  );
});

test('two header rows, a title row, a row drawn before the grid and one that was deleted', async () => {
  const body = table(
    row([cell('Table 1: interface', '<w:gridSpan w:val="3"/>')]),
    row([cell('Port', VERTICAL), cell('Value', '<w:gridSpan w:val="2"/>')]),
    row([cell('', GOES_ON), 'min', 'max']),
    row(['gone', '0', '0'], '<w:del w:id="1"/>'),
    row(['1', '2'], '<w:gridBefore w:val="1"/>'),
    row(['q', '0', '7']),
  );
  expect(await text(body)).toBe(
    'Table 1: interface\n\n| Port | Value min | Value max |\n|---|---|---|\n| | 1 | 2 |\n| q | 0 | 7 |\n',
  );
});

test('columns that were drawn by hand and differ a little in their edges are one', async () => {
  const span = (count: number): string => `<w:gridSpan w:val="${count}"/>`;
  const body = table(
    row([cell('a', span(2)), cell('b', span(3)), 'c']),
    row([cell('1', span(2)), cell('2', span(3)), '3']),
  );
  expect(await text(body)).toBe('| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n');
});

test('a table inside a cell is one line a row; a frame around text and a page laid out by a table are text', async () => {
  const inner = table(row(['0', 'off']), row(['1', 'on']));
  expect(await text(table(row(['Field', 'Values']), row(['MODE', cell(inner)])))).toBe(
    '| Field | Values |\n|---|---|\n| MODE | 0; off<br>1; on |\n',
  );
  expect(await text(table(row([cell(paragraph(run('Note: keep')))])))).toBe('Note: keep\n');
  expect(await text(table(row([cell(inner), 'beside'])))).toBe('| 0 | off |\n|---|---|\n| 1 | on |\n\nbeside\n');
});

test('exponents and indices, by property, by raised small text and by character', async () => {
  const raised = '<w:vertAlign w:val="superscript"/>';
  const small = '<w:position w:val="8"/><w:sz w:val="14"/>';
  const body =
    paragraph(run('2') + run('N', raised) + run(' words, 2') + run('N-1', raised) + run(', 10') + run('8', small)) +
    paragraph(run('V') + run('DD', '<w:vertAlign w:val="subscript"/>') + run(' x² 10⁻³ a₁ the 1') + run('st', raised)) +
    paragraph(run('2') + run('3', raised) + run('2', raised) + run(' whole'));
  expect(await text(body)).toBe('2^N words, 2^(N-1), 10^8\n\nV_DD x^2 10^-3 a_1 the 1st\n\n2^32 whole\n');
});

test('struck text is marked however it was struck, and never alive', async () => {
  const body =
    paragraph(run('is ') + run('asynchronous', '<w:strike/>') + run(' synchronous')) +
    paragraph(run('twice', '<w:dstrike/>') + run(' not', '<w:strike w:val="0"/>')) +
    paragraph(run('by style', '<w:rStyle w:val="Gone"/>'));
  const styles =
    '<w:style w:type="character" w:styleId="Gone"><w:name w:val="Gone"/><w:rPr><w:strike/></w:rPr></w:style>';
  expect(await read({ body, styles })).toEqual({
    text: 'is ~~asynchronous~~ synchronous\n\n~~twice~~ not\n\n~~by style~~\n',
    notes: ['struckText'],
  });
});

test('struck parts of equations, and struck text right beside what replaces it', async () => {
  const gone = '<m:r><w:rPr><w:strike/></w:rPr><m:t>D=8</m:t></m:r>';
  const crossed = `<m:borderBox><m:borderBoxPr><m:strikeH m:val="1"/></m:borderBoxPr>${part('e', t('D=4'))}</m:borderBox>`;
  expect(await text(paragraph(math(gone + t('D=16'))) + paragraph(math(crossed + t('D=2'))))).toBe(
    '~~D = 8~~ D = 16\n\n~~D = 4~~ D = 2\n',
  );
  const cells = table(
    row(['Signal', 'Width']),
    row(['q', cell(paragraph(run('8', '<w:strike/>') + run('16')))]),
    row(['d', cell(paragraph(run('4') + run('2', '<w:strike/>')))]),
  );
  expect(await text(cells)).toContain('| q | ~~8~~ 16 |\n| d | 4 ~~2~~ |');
});

test('names and expressions keep every character', async () => {
  expect(await text(paragraph('gray_counter, a_b_c, *q, d[3:0], `WIDTH, x <= y && z, a|b, 1. first'))).toBe(
    'gray_counter, a_b_c, *q, d[3:0], `WIDTH, x <= y && z, a|b, 1. first\n',
  );
});

test('what only Word types becomes what an engineer types', async () => {
  expect(await text(paragraph('8’hFF\u00a0and\u00a04‘b01, a\u2011b, a\u2212b, so\u00adft, Ｗ＝８，寄存器。'))).toBe(
    "8'hFF and 4'b01, a-b, a-b, soft, W=8，寄存器。\n",
  );
});

const math = (inner: string): string => `<m:oMath>${inner}</m:oMath>`;
const t = (value: string): string => `<m:r><m:t>${xml(value)}</m:t></m:r>`;
const part = (name: string, inner: string): string => `<m:${name}>${inner}</m:${name}>`;

test('equations are text that reads the same', async () => {
  const exponent = part('sSup', part('e', t('2')) + part('sup', t('N-1')));
  const fraction = part('f', part('num', t('a+b')) + part('den', t('2')));
  const root = part('rad', '<m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>' + part('e', t('x')));
  const sum =
    '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>' +
    part('sub', t('i=0')) +
    part('sup', t('N')) +
    part('e', part('sSub', part('e', t('a')) + part('sub', t('i')))) +
    '</m:nary>';
  const ceil =
    '<m:d><m:dPr><m:begChr m:val="⌈"/><m:endChr m:val="⌉"/></m:dPr>' +
    part(
      'e',
      part('func', part('fName', part('sSub', part('e', t('log')) + part('sub', t('2')))) + part('e', t('N'))),
    ) +
    '</m:d>';
  const body = [exponent, fraction, root, sum, ceil]
    .map((one) => paragraph(run('D is ') + math(t('D=') + one) + run('.')))
    .join('');
  expect((await text(body)).split('\n\n')).toEqual([
    'D is D = 2^(N-1).',
    'D is D = (a + b)/2.',
    'D is D = sqrt(x).',
    'D is D = sum_(i = 0)^N a_i.',
    'D is D = ceil(log_2(N)).\n',
  ]);
  // what stands side by side is multiplied, but for the argument of a function
  const call = t('f') + part('d', part('e', t('x')));
  const side = [t('A') + fraction + exponent, exponent + root, t('3x') + exponent, call].map((one) =>
    paragraph(math(one)),
  );
  expect((await text(side.join(''))).trim().split('\n\n')).toEqual([
    'A ((a + b)/2) 2^(N-1)',
    '2^(N-1) sqrt(x)',
    '3x 2^(N-1)',
    'f(x)',
  ]);
});

test('a part of an equation that nobody knows keeps its text and is said', async () => {
  const body = heading(1, 'Depth') + paragraph(math(t('D=') + part('future', part('e', t('7')))));
  expect(await read(body)).toEqual({ text: '# Depth\n\nD = 7\n', notes: ['equation Depth'] });
});

const picture = (alt: string): string =>
  `<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="${xml(alt)}"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><a:blip r:embed="r9"/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`;

test('a picture is a word with its description, and its text is said to be unread', async () => {
  const body = heading(1, 'Timing') + paragraph(run('See ') + picture('reset waveform') + picture(''));
  const extra = [{ name: 'word/media/image1.png', data: Buffer.alloc(200_000, 7) }];
  const { text: markdown, notes } = await read({ body, extra });
  expect(markdown).toBe('# Timing\n\nSee [picture: reset waveform][picture]\n');
  expect(notes).toEqual(['picture Timing', 'picture Timing']);
});

test('charts, old pictures and embedded objects leave a word and a note', async () => {
  const chart =
    '<w:r><w:drawing><wp:inline><wp:docPr id="2" name="Chart 1" descr="load"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"/></a:graphic></wp:inline></w:drawing></w:r>';
  const vml = '<w:r><w:pict><v:shape alt="old one"><v:imagedata r:id="r1"/></v:shape></w:pict></w:r>';
  const object = '<w:r><w:object><o:OLEObject ProgID="Visio.Drawing.15"/></w:object></w:r>';
  expect(await read(paragraph(chart + vml + object))).toEqual({
    text: '[drawing: load][picture: old one][embedded object: Visio.Drawing.15]\n',
    notes: ['drawing', 'picture', 'object'],
  });
});

test('text boxes follow the paragraph that they hang on, and each stands once', async () => {
  const box = (inner: string): string =>
    `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wp:docPr id="1" name="Box"/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx><w:txbxContent>${inner}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>${inner}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>`;
  const inner = paragraph('clk is 100 MHz') + table(row(['Pin', 'Dir']), row(['clk', 'input']));
  expect(await read(paragraph(run('Clocks.') + box(inner)))).toEqual({
    text: 'Clocks.\n\nclk is 100 MHz\n\n| Pin | Dir |\n|---|---|\n| clk | input |\n',
    notes: [],
  });
});

const NUMBERING =
  '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl><w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%3"/></w:lvl></w:abstractNum>' +
  '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>' +
  '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>' +
  '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>';
const item = (inner: string, list: number, level = 0): string =>
  paragraph(inner, `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${list}"/></w:numPr>`);

test('lists have the marks that Word draws: nested, counted on, started anew', async () => {
  const body =
    item('one', 1) +
    item('inner', 1, 1) +
    item('inner two', 1, 1) +
    item('two', 1) +
    item('afresh', 1, 1) +
    item('deep', 1, 2) +
    paragraph('Between.') +
    item('three', 1) +
    item('anew', 3) +
    item('and on', 3) +
    item('a point', 2);
  expect(await text({ body, numbering: NUMBERING })).toBe(
    '1. one\n   a) inner\n   b) inner two\n2. two\n   a) afresh\n      2.1 deep\n\nBetween.\n\n3. three\n1. anew\n2. and on\n- a point\n',
  );
});

test('footnotes stand at the end under the number that the text shows', async () => {
  const reference = (id: number): string => `<w:r><w:footnoteReference w:id="${id}"/></w:r>`;
  const body = paragraph(run('Width') + reference(7) + run(' and depth') + reference(2) + run('.'));
  const footnotes = `<w:footnote w:id="2">${paragraph('in words')}</w:footnote><w:footnote w:id="7">${paragraph('in bits')}</w:footnote>`;
  expect(await text({ body, footnotes })).toBe('Width[^1] and depth[^2].\n\n[^1]: in bits\n[^2]: in words\n');
});

test('rows and cells that were added or removed are read as accepted, and said', async () => {
  const body = table(
    row(['Offset', 'Name']),
    row(['0x00', 'OLD'], '<w:del w:id="1" w:author="a"/>'),
    row(['0x04', 'NEW'], '<w:ins w:id="2" w:author="a"/>'),
    row(['0x08', cell('GONE', '<w:cellDel w:id="3"/>')]),
  );
  expect(await read(body)).toEqual({
    text: '| Offset | Name |\n|---|---|\n| 0x04 | NEW |\n| 0x08 | |\n',
    notes: ['trackedChanges'],
  });
});

test('tracked changes are read as accepted', async () => {
  const body =
    paragraph(
      run('is ') +
        `<w:del w:id="1"><w:r><w:delText>nine</w:delText></w:r></w:del><w:ins w:id="2">${run('eight')}</w:ins>` +
        run(' bits') +
        `<w:moveFrom w:id="3">${run(' here')}</w:moveFrom>`,
    ) +
    paragraph(run('first '), '<w:rPr><w:del w:id="4"/></w:rPr>') +
    paragraph(run('and second')) +
    `<w:p><w:moveTo w:id="5">${run('moved here')}</w:moveTo></w:p>`;
  expect(await read(body)).toEqual({
    text: 'is eight bits\n\nfirst and second\n\nmoved here\n',
    notes: ['trackedChanges'],
  });
});

test('the result of a field is text, its instruction is not; a contents list is left out and said', async () => {
  const mark = (type: string): string => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`;
  const instruction = (code: string): string => `<w:r><w:instrText>${code}</w:instrText></w:r>`;
  const body =
    paragraph(run('see ') + mark('begin') + instruction(' REF x ') + mark('separate') + run('Table 2') + mark('end')) +
    paragraph(mark('begin') + instruction('TOC \\o "1-3"') + mark('separate') + run('Ports 3')) +
    paragraph(run('Checks 9') + mark('end')) +
    paragraph(run('Registers 4'), '<w:pStyle w:val="TOC1"/>') +
    heading(1, 'Ports') +
    paragraph('real');
  expect(await read(body)).toEqual({ text: 'see Table 2\n\n# Ports\n\nreal\n', notes: ['contents'] });
});

test('hidden text, comments and a whole document inside are said', async () => {
  const comments = `<w:comment w:id="0">${paragraph('why?')}</w:comment>`;
  const body = paragraph(run('seen ') + run('not seen', '<w:vanish/>')) + '<w:altChunk r:id="r5"/>';
  expect(await read({ body, comments })).toEqual({
    text: 'seen\n',
    notes: ['embeddedDocument', 'hiddenText', 'comments'],
  });
});

test('symbol fonts give their letters, or say that they have none', async () => {
  const symbol = (font: string, code: string): string => `<w:r><w:sym w:font="${font}" w:char="${code}"/></w:r>`;
  expect(
    await read(paragraph(symbol('Symbol', 'F0A3') + run(' 4 ') + symbol('Wingdings', 'F0FC') + symbol('Odd', 'F041'))),
  ).toEqual({
    text: '≤ 4 ✓\ufffd\n',
    notes: ['symbolFont'],
  });
});

test('monospaced lines are a listing; a lone name is not', async () => {
  const code = (line: string): string => paragraph(run(line, '<w:rFonts w:ascii="Courier New"/>'));
  const body = code('module top (') + code('  input clk') + code(');') + paragraph('and') + code('top_level');
  expect(await text(body)).toBe('```\nmodule top (\n  input clk\n);\n```\n\nand\n\ntop_level\n');
});

test.each([
  ['Heading 1 once, then Heading 2', heading(1, 'Timer') + heading(2, 'Ports')],
  ['a Title and Heading 1', paragraph(run('Timer'), '<w:pStyle w:val="Title"/>') + heading(1, 'Ports')],
  [
    'a large bold line and Heading 1 twice',
    paragraph(run('Timer', '<w:b/><w:sz w:val="40"/>')) + heading(1, 'Ports') + heading(1, 'Checks'),
  ],
  [
    'no heading styles, only large bold lines',
    paragraph(run('Timer', '<w:b/><w:sz w:val="40"/>')) +
      paragraph(run('Ports', '<w:b/><w:sz w:val="28"/>')) +
      paragraph('x'),
  ],
  ['Markdown that was pasted', paragraph('# Timer') + paragraph('## Ports')],
])('one title and sections below it: %s', async (_way, body) => {
  const lines = (await text(body)).split('\n');
  expect(lines[0]).toBe('# Timer');
  expect(lines).toContain('## Ports');
});

test('a document without a title takes that of its properties', async () => {
  expect(await text({ body: heading(1, 'Ports') + heading(1, 'Checks'), title: 'Timer' })).toBe(
    '# Timer\n\n## Ports\n\n## Checks\n',
  );
});

test('numbered headings carry the numbers that Word draws', async () => {
  const styles =
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>';
  const body = ['Ports', 'Checks'].map((name) => paragraph(run(name), '<w:pStyle w:val="H1"/>')).join('');
  expect(await text({ body, styles, numbering: NUMBERING, title: 'T' })).toBe('# T\n\n## 1. Ports\n\n## 2. Checks\n');
});

test('a line that only looks like Markdown stays a line; a pasted table stays a table', async () => {
  expect(await text(paragraph('# ls -l') + paragraph('``` x'))).toBe('\\# ls -l\n\n\\``` x\n');
  expect(await text(paragraph('| a | b |') + paragraph('|---|---|') + paragraph('| 1 | 2 |'))).toBe(
    '| a | b |\n|---|---|\n| 1 | 2 |\n',
  );
});
