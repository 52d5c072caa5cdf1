// Turns documents into Markdown. Runs as a worker thread, so that a large or hostile document stops nothing else.
import { serveCalls } from '../workers/serve-calls.ts';
import type { ConvertedDocument } from './converted.ts';
import { READERS, type DocumentFormat } from './readers.ts';
import { DocumentError, refusal } from './refusal.ts';

async function read(format: DocumentFormat, name: string, bytes: Uint8Array): Promise<ConvertedDocument> {
  try {
    return await READERS[format](bytes);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw refusal(error.tooLarge ? 'SPEC_TOO_LARGE' : 'SPEC_BINARY', name, `${name} cannot be read: ${error.message}.`);
  }
}

const calls = { read };
export type DocumentCalls = typeof calls;

serveCalls(calls);
