// PDF files as small as tests need them: text at exact places, straight lines, one of the standard fonts.
import { deflateSync } from 'node:zlib';
import { FOOTNOTE_LINE, cellsOf } from './write-docx.ts';

export type PdfMark =
  | {
      readonly text: string;
      readonly x: number;
      /** of the baseline, from the page's upper edge */
      readonly y: number;
      readonly size?: number;
      readonly font?: 'Helvetica' | 'Helvetica-Bold' | 'Courier';
      /** degrees, counter-clockwise */
      readonly angle?: number;
    }
  | { readonly line: readonly [x0: number, y0: number, x1: number, y1: number] }
  | { readonly raw: string };

export interface PdfOptions {
  readonly title?: string;
  /** further objects, from number 100 on, and what they are called in the pages' resources */
  readonly objects?: readonly string[];
  readonly resources?: string;
  /** further fonts of the pages: `/F7 100 0 R` */
  readonly fonts?: string;
  readonly catalog?: string;
  readonly page?: string;
  readonly width?: number;
  readonly height?: number;
  /** of each page, where they differ */
  readonly heights?: readonly number[];
}

const FONTS = ['Helvetica', 'Helvetica-Bold', 'Courier'] as const;

export function writePdf(pages: readonly (readonly PdfMark[])[], options: PdfOptions = {}): Buffer {
  const { width = 595 } = options;
  const objects = new Map<number, Buffer>();
  const put = (number: number, text: string | Buffer): void => void objects.set(number, Buffer.from(text));
  const kids = pages.map((_, at) => 10_000 + at * 2);
  put(1, `<</Type/Catalog/Pages 2 0 R${options.catalog ?? ''}>>`);
  put(2, `<</Type/Pages/Count ${pages.length}/Kids[${kids.map((kid) => `${kid} 0 R`).join(' ')}]>>`);
  put(3, `<</Title ${literal(options.title ?? '')}>>`);
  for (const [at, font] of FONTS.entries())
    put(4 + at, `<</Type/Font/Subtype/Type1/BaseFont/${font}/Encoding/WinAnsiEncoding>>`);
  for (const [at, object] of (options.objects ?? []).entries()) put(100 + at, Buffer.from(object, 'latin1'));
  for (const [at, marks] of pages.entries()) {
    const height = options.heights?.[at] ?? options.height ?? 842;
    const content = deflateSync(Buffer.from(marks.map((mark) => drawn(mark, height)).join('\n'), 'latin1'));
    const page = 10_000 + at * 2;
    put(
      page,
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Contents ${page + 1} 0 R/Resources<</Font<<${FONTS.map((_, font) => `/F${font} ${4 + font} 0 R`).join('')}${options.fonts ?? ''}>>${options.resources ?? ''}>>${options.page ?? ''}>>`,
    );
    put(
      page + 1,
      Buffer.concat([
        Buffer.from(`<</Length ${content.length}/Filter/FlateDecode>>stream\n`),
        content,
        Buffer.from('\nendstream'),
      ]),
    );
  }
  return withTable(objects);
}

function withTable(objects: ReadonlyMap<number, Buffer>): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  const offsets = new Map<number, number>();
  let length = parts[0]?.length ?? 0;
  for (const [number, body] of objects) {
    offsets.set(number, length);
    const whole = Buffer.concat([Buffer.from(`${number} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
    parts.push(whole);
    length += whole.length;
  }
  const sections = [...offsets].map(
    ([number, offset]) => `${number} 1\n${String(offset).padStart(10, '0')} 00000 n \n`,
  );
  const size = Math.max(...objects.keys()) + 1;
  parts.push(
    Buffer.from(
      `xref\n0 1\n0000000000 65535 f \n${sections.join('')}trailer\n<</Size ${size}/Root 1 0 R/Info 3 0 R>>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

const literal = (text: string): string => `(${text.replaceAll(/[\\()]/g, (sign) => `\\${sign}`)})`;

function drawn(mark: PdfMark, height: number): string {
  if ('raw' in mark) return mark.raw;
  if ('line' in mark) {
    const [x0, y0, x1, y1] = mark.line;
    return `0.5 w ${x0} ${height - y0} m ${x1} ${height - y1} l S`;
  }
  const { text, x, y, size = 10, font = 'Helvetica', angle = 0 } = mark;
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const matrix = [cos, sin, -sin, cos, x, height - y].map((value) => Number(value.toFixed(4))).join(' ');
  return `BT /F${FONTS.indexOf(font)} ${size} Tf ${matrix} Tm ${literal(winAnsi(text))} Tj ET`;
}

/** Characters of WinAnsi beyond Latin-1. */
const WIN_ANSI: Readonly<Record<string, string>> = { '’': '\x92', '–': '\x96', '…': '\x85', '•': '\x95' };
const winAnsi = (text: string): string => text.replaceAll(/[’–…•]/g, (sign) => WIN_ANSI[sign] ?? sign);

export interface PdfTable {
  readonly x: number;
  readonly y: number;
  readonly widths: readonly number[];
  readonly rows: readonly (readonly string[])[];
  readonly ruled?: boolean;
  readonly size?: number;
  readonly pitch?: number;
}

/** The marks of a table and the y below it. */
export function pdfTable({ x, y, widths, rows, ruled = true, size = 10, pitch = 16 }: PdfTable): {
  marks: PdfMark[];
  end: number;
} {
  const marks: PdfMark[] = [];
  const edges = widths.reduce<number[]>((all, width) => [...all, (all.at(-1) ?? 0) + width], [x]);
  const right = edges.at(-1) ?? x;
  for (const [at, cells] of rows.entries()) {
    const top = y + at * pitch;
    if (ruled) marks.push({ line: [x, top, right, top] });
    for (const [column, text] of cells.entries()) {
      if (text !== '') marks.push(...markedText(text, (edges[column] ?? x) + 4, top + pitch - 5, size));
    }
  }
  const end = y + rows.length * pitch;
  if (ruled) {
    marks.push({ line: [x, end, right, end] });
    for (const edge of edges) marks.push({ line: [edge, y, edge, end] });
  }
  return { marks, end };
}

/** Width of a letter of Courier, in heights. */
const LETTER = 0.6;

/** `~~struck~~` has a line through it, `[^1]` is a small raised number; the font is one whose widths are known. */
function markedText(text: string, x: number, y: number, size: number): PdfMark[] {
  const struck = /^~~([^~]+)~~$/.exec(text)?.[1];
  const noted = /^(.*)\[\^(\d+)\]$/.exec(text);
  if (struck !== undefined) {
    const middle = y - 0.3 * size;
    return [
      { text: struck, x, y, size, font: 'Courier' },
      { line: [x, middle, x + struck.length * LETTER * size, middle] },
    ];
  }
  if (noted === null) return [{ text, x, y, size }];
  const [, word = '', note = ''] = noted;
  return [
    { text: word, x, y, size, font: 'Courier' },
    { text: note, x: x + word.length * LETTER * size, y: y - 0.4 * size, size: 0.6 * size, font: 'Courier' },
  ];
}

/** Headings, pipe tables, paragraphs and footnotes of a Markdown text, set on as many pages as they take. */
export function pdfOfMarkdown(markdown: string, { ruled = true }: { readonly ruled?: boolean } = {}): Buffer {
  const pages: PdfMark[][] = [[]];
  let pageWidth = 595;
  let y = 60;
  const room = (needed: number): void => {
    if (y + needed <= 790) return;
    pages.push([]);
    y = 60;
  };
  const put = (mark: PdfMark): void => void pages.at(-1)?.push(mark);
  let rows: string[][] = [];
  const flush = (): void => {
    if (rows.length === 0) return;
    const widths = (rows[0] ?? []).map(
      (_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)) * 5.4 + 16,
    );
    pageWidth = Math.max(
      pageWidth,
      widths.reduce((sum, width) => sum + width, 120),
    );
    let rest = rows;
    while (rest.length > 0) {
      room(48);
      const fit = Math.min(rest.length, Math.floor((790 - y) / 16));
      const { marks, end } = pdfTable({ x: 60, y, widths, rows: rest.slice(0, fit), ruled });
      marks.forEach(put);
      y = end + 12;
      rest = rest.slice(fit);
      if (rest.length > 0) y = 900;
    }
    rows = [];
  };
  for (const line of markdown.split('\n')) {
    if (line.startsWith('|')) {
      if (!/^[|\s:-]+$/.test(line)) rows.push(cellsOf(line));
      continue;
    }
    flush();
    const match = /^(#+) (.*)$/.exec(line);
    const note = FOOTNOTE_LINE.exec(line);
    if (note) {
      room(14);
      put({ text: note[1] ?? '', x: 60, y: y + 6, size: 5 });
      put({ text: note[2] ?? '', x: 65, y: y + 9, size: 8 });
      y += 14;
    } else if (match) {
      const size = [22, 16, 13][(match[1]?.length ?? 1) - 1] ?? 12;
      room(size + 40);
      put({ text: match[2] ?? '', x: 60, y: y + size, size, font: 'Helvetica-Bold' });
      y += size + 14;
    } else if (line.trim() !== '') {
      const parts = line.match(/.{1,90}(?:\s|$)/g) ?? [line];
      room(parts.length * 12 + 10);
      for (const part of parts) {
        for (const mark of markedText(part.trim(), 60, y + 10, 10)) put(mark);
        y += 12;
      }
      y += 10;
    }
  }
  flush();
  return writePdf(pages, { width: pageWidth });
}
