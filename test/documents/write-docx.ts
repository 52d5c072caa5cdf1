// Word documents from their parts' XML: what the tests of the import are about stands in the test itself.
import { writeZip, type ZipPart } from './write-zip.ts';

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const NAMESPACES = `xmlns:w="${WORD}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"`;
const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export interface DocxParts {
  readonly body: string;
  readonly styles?: string;
  readonly numbering?: string;
  readonly footnotes?: string;
  readonly comments?: string;
  readonly title?: string;
  readonly extra?: readonly ZipPart[];
}

const STYLES = ['Heading1:heading 1', 'Heading2:heading 2', 'Heading3:heading 3', 'Title:Title', 'TOC1:toc 1']
  .map((pair) => pair.split(':'))
  .map(([id, name]) => `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`)
  .join('');

export function writeDocx(parts: DocxParts): Buffer {
  const relations = [
    'styles',
    ...(parts.numbering === undefined ? [] : ['numbering']),
    ...(parts.footnotes === undefined ? [] : ['footnotes']),
    ...(parts.comments === undefined ? [] : ['comments']),
  ];
  const part = (name: string, root: string, inner: string): ZipPart => ({
    name: `word/${name}.xml`,
    data: `<?xml version="1.0" encoding="UTF-8"?><w:${root} ${NAMESPACES}>${inner}</w:${root}>`,
    deflate: true,
  });
  return writeZip([
    {
      name: '_rels/.rels',
      data: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${RELATION}/officeDocument" Target="word/document.xml"/>${parts.title === undefined ? '' : '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>'}</Relationships>`,
    },
    {
      name: 'word/_rels/document.xml.rels',
      data: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations.map((name, at) => `<Relationship Id="r${at}" Type="${RELATION}/${name}" Target="${name}.xml"/>`).join('')}</Relationships>`,
    },
    part('document', 'document', `<w:body>${parts.body}<w:sectPr/></w:body>`),
    part('styles', 'styles', parts.styles ?? STYLES),
    ...(parts.numbering === undefined ? [] : [part('numbering', 'numbering', parts.numbering)]),
    ...(parts.footnotes === undefined ? [] : [part('footnotes', 'footnotes', parts.footnotes)]),
    ...(parts.comments === undefined ? [] : [part('comments', 'comments', parts.comments)]),
    ...(parts.title === undefined
      ? []
      : [
          {
            name: 'docProps/core.xml',
            data: `<cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:title>${xml(parts.title)}</dc:title></cp:coreProperties>`,
          },
        ]),
    ...(parts.extra ?? []),
  ]);
}

export const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A run; `properties` is the inside of `w:rPr`. */
export const run = (text: string, properties = ''): string =>
  `<w:r>${properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${xml(text)}</w:t></w:r>`;

/** A paragraph of runs or of plain text; `properties` is the inside of `w:pPr`. */
export const paragraph = (inner: string, properties = ''): string =>
  `<w:p>${properties === '' ? '' : `<w:pPr>${properties}</w:pPr>`}${inner.startsWith('<') ? inner : run(inner)}</w:p>`;

export const heading = (level: number, text: string): string =>
  paragraph(run(text), `<w:pStyle w:val="Heading${level}"/>`);

/** A cell of paragraphs; `properties` is the inside of `w:tcPr`. */
export const cell = (content: string, properties = ''): string =>
  `<w:tc>${properties === '' ? '' : `<w:tcPr>${properties}</w:tcPr>`}${
    content.startsWith('<w:')
      ? content
      : content
          .split('\n')
          .map((line) => paragraph(run(line)))
          .join('')
  }</w:tc>`;

export const row = (cells: readonly string[], properties = ''): string =>
  `<w:tr>${properties === '' ? '' : `<w:trPr>${properties}</w:trPr>`}${cells.map((one) => (one.startsWith('<w:tc>') ? one : cell(one))).join('')}</w:tr>`;

export const table = (...rows: readonly string[]): string => `<w:tbl><w:tblPr/><w:tblGrid/>${rows.join('')}</w:tbl>`;

/** `[^1]: text` */
export const FOOTNOTE_LINE = /^\[\^(\d+)\]: (.*)$/;

/** Headings, pipe tables, paragraphs and footnotes of a Markdown text as Word has them, struck text as such. */
export function docxOfMarkdown(markdown: string): Buffer {
  let body = '';
  let footnotes = '';
  let rows: string[] = [];
  const flush = (): void => {
    if (rows.length > 0) body += table(...rows);
    rows = [];
  };
  for (const line of markdown.split('\n')) {
    if (line.startsWith('|')) {
      if (!/^[|\s:-]+$/.test(line)) rows.push(row(cellsOf(line).map((text) => cell(paragraph(markedRuns(text))))));
      continue;
    }
    flush();
    const match = /^(#+) (.*)$/.exec(line);
    const note = FOOTNOTE_LINE.exec(line);
    if (match) body += heading(match[1]?.length ?? 1, match[2] ?? '');
    else if (note) footnotes += `<w:footnote w:id="${note[1] ?? ''}">${paragraph(run(note[2] ?? ''))}</w:footnote>`;
    else if (line.trim() !== '') body += paragraph(markedRuns(line));
  }
  flush();
  return writeDocx({ body, ...(footnotes === '' ? {} : { footnotes }) });
}

/** `~~struck~~` and `[^1]` as runs; two negations of an expression stay text. */
function markedRuns(text: string): string {
  return text
    .split(/((?<![\w)])~~[^~]+~~|\[\^\d+\])/)
    .map((part) => {
      const struck = /^~~(.+)~~$/.exec(part)?.[1];
      const note = /^\[\^(\d+)\]$/.exec(part)?.[1];
      if (note !== undefined) return `<w:r><w:footnoteReference w:id="${note}"/></w:r>`;
      return struck === undefined ? run(part) : run(struck, '<w:strike/>');
    })
    .join('');
}

/** The cells of a pipe table's row as a reader sees them. */
export function cellsOf(line: string): string[] {
  return line
    .trim()
    .replaceAll('\\|', '\u0001')
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((text) => text.trim().replaceAll('\u0001', '|'));
}
