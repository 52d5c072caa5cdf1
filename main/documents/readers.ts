// The reader of each kind of file that is converted, loaded when the first one comes.
import type { SpecFormat } from '@genrtl/contracts/spec-formats.ts';
import { importNote } from '@genrtl/contracts/spec-import.ts';
import type { ReadDescription } from '@genrtl/core/registers/reading.ts';
import { MAX_SPEC_BYTES, fromBlocks, type ConvertedDocument } from './converted.ts';
import { decodeText } from './decode-text.ts';

/** Plain text is what it is, and so is Markdown without HTML tables; everything else is converted. */
export type ConvertedFormat = Exclude<SpecFormat, 'text'>;

/** More pages than any specification; each one costs some milliseconds. */
const MAX_PAGES = 2000;

type Reader = (bytes: Uint8Array, name: string) => Promise<ConvertedDocument>;

/** Throw DocumentError, DescriptionError or a refusal for what is not read. */
export const READERS: Readonly<Record<ConvertedFormat, Reader>> = {
  pdf: async (bytes) => {
    const { readPdf } = await import('./pdf/read-pdf.ts');
    const { blocks, notes } = await readPdf(bytes, { maxCharacters: MAX_SPEC_BYTES, maxPages: MAX_PAGES });
    return { ...fromBlocks(blocks, notes), source: { kind: 'pages' } };
  },
  docx: async (bytes) => {
    const { readDocx } = await import('./docx/read-docx.ts');
    const { blocks, notes } = await readDocx(bytes, MAX_SPEC_BYTES);
    return fromBlocks(blocks, notes);
  },
  markdown: async (bytes, name) => {
    const { withMarkdownTables } = await import('@genrtl/core/documents/html-tables.ts');
    const { text, tables, pictures } = withMarkdownTables(decodeText(name, bytes));
    const notes = pictures.map((alt) => importNote('picture', { name: alt === '' ? 'without a description' : alt }));
    return {
      markdown: text,
      notes: tables === 0 ? notes : [...notes, importNote('htmlTables', { count: tables })],
      source: { kind: 'text' },
    };
  },
  systemrdl: async (bytes, name) => {
    const { readSystemRdl } = await import('@genrtl/core/registers/systemrdl/index.ts');
    return described(readSystemRdl(decodeText(name, bytes)));
  },
  ipxact: async (bytes, name) => {
    const { readIpxact } = await import('@genrtl/core/registers/ipxact/index.ts');
    return described(readIpxact(decodeText(name, bytes)));
  },
  hjson: async (bytes, name) => {
    const { readReggen } = await import('@genrtl/core/registers/reggen/index.ts');
    return described(readReggen(decodeText(name, bytes)));
  },
  csv: async (bytes, name) => {
    const { readRegisterCsv } = await import('@genrtl/core/registers/register-csv.ts');
    return described(readRegisterCsv(decodeText(name, bytes), name));
  },
};

async function described({ description, notes }: ReadDescription): Promise<ConvertedDocument> {
  const { descriptionMarkdown } = await import('@genrtl/core/registers/to-markdown.ts');
  return { markdown: descriptionMarkdown(description), notes, source: { kind: 'text' } };
}
