// Turns documents into Markdown. Runs as a worker thread, so that a large or hostile document stops nothing else.
import { SPEC_FORMATS } from '@genrtl/contracts/spec-formats.ts';
import { DescriptionError } from '@genrtl/core/registers/reading.ts';
import { serveCalls } from '../workers/serve-calls.ts';
import type { ConvertedDocument } from './converted.ts';
import { READERS, type ConvertedFormat } from './readers.ts';
import { DocumentError, refusal } from './refusal.ts';

async function read(format: ConvertedFormat, name: string, bytes: Uint8Array): Promise<ConvertedDocument> {
  try {
    return await READERS[format](bytes, name);
  } catch (error) {
    if (error instanceof DescriptionError)
      throw refusal(
        'SPEC_FORMAT',
        name,
        `${name} cannot be read as ${SPEC_FORMATS[format].title}: ${error.message} (line ${error.line}).`,
        error.line,
      );
    if (!(error instanceof DocumentError)) throw error;
    throw refusal(error.tooLarge ? 'SPEC_TOO_LARGE' : 'SPEC_BINARY', name, `${name} cannot be read: ${error.message}.`);
  }
}

const calls = { read };
export type DocumentCalls = typeof calls;

serveCalls(calls);
