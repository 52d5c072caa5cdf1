// Documents made to hurt: every one is refused with a sentence, or read within its limits; nothing of it is run.
import { expect, test } from 'vitest';
import { writeMarkdown } from '@genrtl/core/documents/write-markdown.ts';
import { paragraph, run, writeDocx } from '../../test/documents/write-docx.ts';
import { writePdf } from '../../test/documents/write-pdf.ts';
import { writeZip } from '../../test/documents/write-zip.ts';
import { importSpec } from '../workspace/spec-import.ts';
import { readDocx } from './docx/read-docx.ts';
import { readPdf } from './pdf/read-pdf.ts';

const LIMITS = { maxCharacters: 10 * 1024 * 1024, maxPages: 2000 };
const xmlPart = (name: string, data: string, more: object = {}): { name: string; data: string; deflate: boolean } => ({
  name,
  data,
  deflate: true,
  ...more,
});
const wordWith = (document: string, more: object = {}): Buffer =>
  writeZip([xmlPart('word/document.xml', document, more)]);
const OPEN = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>';

test.each<[string, Buffer, RegExp]>([
  [
    'an archive that claims a gigabyte',
    wordWith(`${OPEN}</w:body></w:document>`, { claimedSize: 1024 ** 3 }),
    /unpacks to more than 256 MB/,
  ],
  [
    'an archive that holds more than it claims',
    wordWith(`${OPEN}${paragraph('x').repeat(5000)}</w:body></w:document>`, { claimedSize: 100 }),
    /word\/document.xml is damaged/,
  ],
  ['an archive cut in half', writeDocx({ body: paragraph('x') }).subarray(0, 400), /archive is damaged/],
  [
    'entities that multiply',
    wordWith(
      `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>${OPEN}${paragraph('&b;')}</w:body></w:document>`,
    ),
    /declares a document type/,
  ],
  [
    'an entity that reads a file',
    wordWith(
      `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${OPEN}<w:p><w:r><w:t>&f;</w:t></w:r></w:p></w:body></w:document>`,
    ),
    /declares a document type/,
  ],
  [
    'tables in tables without end',
    wordWith(`${OPEN}${'<w:tbl><w:tr><w:tc>'.repeat(20_000)}`),
    /nested deeper than 400/,
  ],
  ['XML that stops', wordWith(`${OPEN}<w:p>`), /cannot be read: it is not well-formed XML/],
  ['an archive of something else', writeZip([xmlPart('content.xml', '<office/>')]), /no Word document/],
])('DOCX: %s', async (_what, bytes, message) => {
  await expect(readDocx(bytes, LIMITS.maxCharacters)).rejects.toThrow(message);
});

test('a refused document is a coded error that names the file', async () => {
  const bomb = wordWith(`${OPEN}</w:body></w:document>`, { claimedSize: 1024 ** 3 });
  await expect(importSpec('spec.docx', bomb)).rejects.toMatchObject({
    code: 'SPEC_TOO_LARGE',
    message: 'spec.docx cannot be read: it unpacks to more than 256 MB of XML.',
    details: { diagnostics: [{ file: 'spec.docx', line: 1, code: 'SPEC_TOO_LARGE' }] },
  });
});

test('DOCX: more text than is read ends the reading, wherever it stands', async () => {
  const body = `<w:tbl><w:tr><w:tc>${paragraph(run('x'.repeat(500))).repeat(30)}</w:tc></w:tr></w:tbl>`;
  await expect(readDocx(writeDocx({ body }), 10_000)).rejects.toMatchObject({ tooLarge: true });
});

test('DOCX: a table of absurd spans and a list that counts itself are read within their limits', async () => {
  const wide = `<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>${paragraph('a')}</w:tc><w:tc>${paragraph('b')}</w:tc></w:tr></w:tbl>`;
  const styles =
    '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:basedOn w:val="B"/></w:style><w:style w:type="paragraph" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/></w:style>';
  const { blocks } = await readDocx(
    writeDocx({ body: wide + paragraph(run('loops'), '<w:pStyle w:val="A"/>'), styles }),
    LIMITS.maxCharacters,
  );
  expect(blocks.length).toBe(2);
});

const text = [{ text: 'It is read all the same, whatever else the file holds.', x: 60, y: 100 }];

test('PDF: no PDF behind its first bytes, and a page tree that lies about its pages', async () => {
  await expect(readPdf(Buffer.from('%PDF-1.7\n%%EOF\n'), LIMITS)).rejects.toThrow(/damaged or no PDF/);
  await expect(readPdf(writePdf([text, text]), { ...LIMITS, maxPages: 1 })).rejects.toMatchObject({ tooLarge: true });
  const lies = writePdf([text]).toString('latin1').replace('/Count 1/', '/Count 1000000000/');
  const { blocks } = await readPdf(Buffer.from(lies, 'latin1'), LIMITS);
  expect(writeMarkdown(blocks)).toContain('It is read all the same');
});

test('PDF: forms that draw themselves, a bomb of a picture, scripts and an embedded file', async () => {
  const bytes = writePdf([[...text, { raw: '/Fm0 Do /Im0 Do' }]], {
    objects: [
      '<</Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<</XObject<</Fm0 100 0 R>>>>/Length 7>>stream\n/Fm0 Do\nendstream',
      '<</Type/XObject/Subtype/Image/Width 65000/Height 65000/ColorSpace/DeviceRGB/BitsPerComponent 16/Filter/FlateDecode/Length 3>>stream\nabc\nendstream',
    ],
    resources: '/XObject<</Fm0 100 0 R/Im0 101 0 R>>',
    catalog: '/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA<</WC<</S/Launch/F(calc)>>>>',
  });
  const { blocks } = await readPdf(bytes, LIMITS);
  expect(writeMarkdown(blocks)).toContain('It is read all the same');
});

test('PDF: more text than is read ends the reading', async () => {
  await expect(readPdf(writePdf([text, text, text]), { ...LIMITS, maxCharacters: 100 })).rejects.toMatchObject({
    tooLarge: true,
  });
});

test('PDF: a file behind a password is refused with what to do', async () => {
  const locked = writePdf([text])
    .toString('latin1')
    .replace(
      '/Root 1 0 R',
      `/Encrypt<</Filter/Standard/V 1/R 2/O<${'ab'.repeat(32)}>/U<${'cd'.repeat(32)}>/P -4>>/ID[<00><00>]/Root 1 0 R`,
    );
  await expect(readPdf(Buffer.from(locked, 'latin1'), LIMITS)).rejects.toThrow(
    /protected by a password; save it without one/,
  );
});
