// The reader of each kind of file that is converted, loaded when the first one comes.
import type { SpecFormat } from '@genrtl/contracts/spec-import.ts';
import type { ReadDescription } from '@genrtl/core/registers/reading.ts';
import { MAX_SPEC_BYTES, fromBlocks, type ConvertedDocument } from './converted.ts';
import { decodeText } from './decode-text.ts';

/** Markdown and plain text are what they are; everything else is converted. */
export type ConvertedFormat = Exclude<SpecFormat, 'markdown' | 'text'>;

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
  systemrdl: async (bytes, name) => {
    const { readSystemRdl } = await import('@genrtl/core/registers/systemrdl/index.ts');
    return described(readSystemRdl(decodeText(name, bytes)));
  },
  ipxact: async (bytes, name) => {
    const { readIpxact } = await import('@genrtl/core/registers/ipxact.ts');
    return described(readIpxact(decodeText(name, bytes)));
  },
  hjson: async (bytes, name) => {
    const { readReggen } = await import('@genrtl/core/registers/reggen.ts');
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
