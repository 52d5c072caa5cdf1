// A specification file becomes Markdown, with notes of what could not be read. Nothing is written here.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError, specFormat, type SpecFormat } from '@genrtl/contracts';
import { convertDocument } from '../documents/convert.ts';
import { MAX_SPEC_BYTES, type ConvertedDocument } from '../documents/converted.ts';
import { decodeText, officeKind } from '../documents/decode-text.ts';
import { inMb, refusal } from '../documents/refusal.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

export { MAX_SPEC_BYTES };
/** Documents carry pictures; only their text counts against MAX_SPEC_BYTES. */
const MAX_DOCUMENT_BYTES = 100 * 1024 * 1024;

export interface ImportedSpec extends ConvertedDocument {
  /** file name without folders */
  readonly name: string;
}

/** Throws SPEC_NOT_FOUND, SPEC_EMPTY, SPEC_TOO_LARGE, SPEC_BINARY, SPEC_ENCODING, SPEC_FORMAT. */
export async function importSpecFile(file: string): Promise<ImportedSpec> {
  return importSpec(path.basename(file), await readSpecBytes(file));
}

/** Throws SPEC_NOT_FOUND, SPEC_TOO_LARGE. */
export async function readSpecBytes(file: string): Promise<Buffer> {
  const name = path.basename(file);
  let size: number;
  try {
    const stats = await stat(file);
    if (!stats.isFile()) throw refusal('SPEC_NOT_FOUND', name, `${file} is no file.`);
    size = stats.size;
  } catch (error) {
    if (error instanceof GenrtlError) throw error;
    throw refusal('SPEC_NOT_FOUND', name, `There is no specification at ${file}.`);
  }
  checkSize(name, size);
  return readRegular(file);
}

/** The same for bytes that were dropped on the window. */
export async function importSpec(name: string, bytes: Uint8Array): Promise<ImportedSpec> {
  checkSize(name, bytes.byteLength);
  const converted = await convert(name, bytes);
  if (Buffer.byteLength(converted.markdown) > MAX_SPEC_BYTES)
    throw refusal('SPEC_TOO_LARGE', name, `${name} holds more than ${inMb(MAX_SPEC_BYTES)} of text.`);
  if (converted.markdown.trim() === '') throw refusal('SPEC_EMPTY', name, emptyMessage(name, converted));
  return { name, ...converted };
}

/** What the document does hold, when its text is none. */
function emptyMessage(name: string, { notes }: ConvertedDocument): string {
  const pictures = notes.some(({ kind }) => kind === 'pageWithoutText' || kind === 'picture' || kind === 'pictures');
  return pictures
    ? `${name} holds no text, only pictures of text; it must be recognised (OCR) first.`
    : `${name} holds no text.`;
}

function checkSize(name: string, size: number): void {
  const format = specFormat(name);
  const limit = format === 'pdf' || format === 'docx' ? MAX_DOCUMENT_BYTES : MAX_SPEC_BYTES;
  if (size > limit) throw refusal('SPEC_TOO_LARGE', name, `${name} has ${inMb(size)}; the limit is ${inMb(limit)}.`);
}

async function convert(name: string, bytes: Uint8Array): Promise<ConvertedDocument> {
  const format: SpecFormat = specFormat(name) ?? 'text';
  switch (format) {
    case 'pdf':
      if (Buffer.from(bytes.subarray(0, 1024)).indexOf('%PDF-') < 0)
        throw refusal('SPEC_BINARY', name, `${name} is no PDF file.`);
      return convertDocument('pdf', name, bytes);
    case 'docx':
      if (bytes[0] !== 0x50 || bytes[1] !== 0x4b)
        throw refusal('SPEC_BINARY', name, `${name} is ${officeKind(bytes) ?? 'no DOCX file'}.`);
      return convertDocument('docx', name, bytes);
    case 'systemrdl':
    case 'ipxact':
    case 'hjson':
    case 'csv':
      return convertDocument(format, name, bytes);
    case 'markdown':
    case 'text': {
      const markdown = decodeText(name, bytes);
      // the thread is for what takes work: HTML in Markdown
      if (format === 'markdown' && /<table[\s>]/i.test(markdown)) return convertDocument(format, name, bytes);
      return { markdown, notes: [], source: { kind: 'text' } };
    }
  }
}
