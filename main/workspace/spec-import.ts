// A specification file becomes Markdown: md and txt as they are, PDF and DOCX converted. Nothing is written here.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError, type Diagnostic, type ErrorCode } from '@genrtl/contracts';
import { WorkerClient } from '../workers/worker-client.ts';
import type { DocumentCalls, DocumentKind } from './document-worker.ts';

/** Text beyond this is refused: 10 MB, about 5,000 pages. */
export const MAX_SPEC_BYTES = 10 * 1024 * 1024;
/** Documents carry pictures; only their text counts against MAX_SPEC_BYTES. */
const MAX_DOCUMENT_BYTES = 100 * 1024 * 1024;
const DOCUMENT_MEMORY_MB = 1024;
const DOCUMENT_TIMEOUT_MS = 120_000;

export interface ImportedSpec {
  /** file name without folders */
  readonly name: string;
  readonly markdown: string;
}

function refuse(code: ErrorCode, name: string, message: string, cause?: unknown): GenrtlError {
  const diagnostic: Diagnostic = { tool: 'genrtl', severity: 'error', code, message, file: name, line: 1 };
  return new GenrtlError(code, message, { details: { diagnostics: [diagnostic] }, cause });
}

const MEBIBYTE = 1024 * 1024;
const inMb = (bytes: number): string => `${(bytes / MEBIBYTE).toFixed(1)} MB`;

/** Throws SPEC_NOT_FOUND, SPEC_EMPTY, SPEC_TOO_LARGE, SPEC_BINARY. */
export async function importSpecFile(file: string): Promise<ImportedSpec> {
  const name = path.basename(file);
  let size: number;
  try {
    const stats = await stat(file);
    if (!stats.isFile()) throw refuse('SPEC_NOT_FOUND', name, `${file} is no file.`);
    size = stats.size;
  } catch (error) {
    if (error instanceof GenrtlError) throw error;
    throw refuse('SPEC_NOT_FOUND', name, `There is no specification at ${file}.`);
  }
  if (size > limitFor(name))
    throw refuse('SPEC_TOO_LARGE', name, `${name} has ${inMb(size)}; the limit is ${inMb(limitFor(name))}.`);
  return importSpec(name, await readFile(file));
}

function limitFor(name: string): number {
  return /\.(pdf|docx)$/i.test(name) ? MAX_DOCUMENT_BYTES : MAX_SPEC_BYTES;
}

/** The same for bytes that were dropped on the window. */
export async function importSpec(name: string, bytes: Uint8Array): Promise<ImportedSpec> {
  if (bytes.byteLength > limitFor(name))
    throw refuse(
      'SPEC_TOO_LARGE',
      name,
      `${name} has ${inMb(bytes.byteLength)}; the limit is ${inMb(limitFor(name))}.`,
    );
  const markdown = await convert(name, bytes);
  if (Buffer.byteLength(markdown) > MAX_SPEC_BYTES)
    throw refuse('SPEC_TOO_LARGE', name, `${name} holds more than ${inMb(MAX_SPEC_BYTES)} of text.`);
  if (markdown.trim() === '') throw refuse('SPEC_EMPTY', name, `${name} holds no text.`);
  return { name, markdown };
}

async function convert(name: string, bytes: Uint8Array): Promise<string> {
  const kind = path.extname(name).toLowerCase();
  if (kind === '.pdf') {
    if (Buffer.from(bytes.subarray(0, 1024)).indexOf('%PDF-') < 0)
      throw refuse('SPEC_BINARY', name, `${name} is no PDF file.`);
    return fromDocument('pdf', name, bytes);
  }
  if (kind === '.docx') {
    if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw refuse('SPEC_BINARY', name, `${name} is no DOCX file.`);
    return fromDocument('docx', name, bytes);
  }
  return decodeText(name, bytes);
}

/** UTF-8 (with or without BOM) or UTF-16 with BOM; anything with NULs or broken sequences is binary. */
function decodeText(name: string, bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw refuse('SPEC_BINARY', name, `${name} is not a text file.`);
  }
  if (text.includes('\0')) throw refuse('SPEC_BINARY', name, `${name} is not a text file.`);
  return text;
}

/** Documents are hostile input: they are read in a thread of their own, with a limit on memory and time. */
async function fromDocument(kind: DocumentKind, name: string, bytes: Uint8Array): Promise<string> {
  const worker = new WorkerClient<DocumentCalls>(new URL('./document-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: DOCUMENT_MEMORY_MB },
    stdout: true,
    stderr: true,
  });
  const tooLong = setTimeout(() => {
    void worker.close();
  }, DOCUMENT_TIMEOUT_MS);
  try {
    return await worker.call('read', kind, bytes);
  } catch (error) {
    throw refuse('SPEC_BINARY', name, `${name} cannot be read as ${kind.toUpperCase()}.`, error);
  } finally {
    clearTimeout(tooLong);
    await worker.close();
  }
}
