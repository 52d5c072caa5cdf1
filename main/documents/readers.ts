// The reader of each kind of document, loaded when the first one comes.
import type { SpecFormat } from '@genrtl/contracts/spec-import.ts';
import { MAX_SPEC_BYTES, fromBlocks, type ConvertedDocument } from './converted.ts';

export type DocumentFormat = Extract<SpecFormat, 'pdf' | 'docx'>;

/** More pages than any specification; each one costs some milliseconds. */
const MAX_PAGES = 2000;

/** Throw DocumentError for what is not read. */
export const READERS: Readonly<Record<DocumentFormat, (bytes: Uint8Array) => Promise<ConvertedDocument>>> = {
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
};
