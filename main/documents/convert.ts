// Conversions run in a thread of their own, with a limit on memory and time, and are kept for a while: the same bytes
// are looked at, imported and run one after another.
import { createHash } from 'node:crypto';
import { GenrtlError, SPEC_FORMATS } from '@genrtl/contracts';
import { WorkerClient } from '../workers/worker-client.ts';
import type { ConvertedDocument } from './converted.ts';
import type { DocumentCalls } from './document-worker.ts';
import type { ConvertedFormat } from './readers.ts';
import { refusal } from './refusal.ts';

const MEMORY_MB = 1024;
const TIMEOUT_MS = 120_000;
const KEPT = 4;
/** Longer texts are converted again rather than kept. */
const MAX_KEPT_CHARACTERS = 4_000_000;

/** Least recently used first. */
const kept = new Map<string, Promise<ConvertedDocument>>();

/** Throws SPEC_BINARY, SPEC_FORMAT, SPEC_TOO_LARGE and what the reader of the format says. */
export function convertDocument(format: ConvertedFormat, name: string, bytes: Uint8Array): Promise<ConvertedDocument> {
  const key = createHash('sha256').update(`${format}|${name}|`).update(bytes).digest('hex');
  const known = kept.get(key);
  kept.delete(key);
  const conversion = known ?? inThread(format, name, bytes);
  kept.set(key, conversion);
  if (known === undefined) void forgetIfUseless(key, conversion);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return conversion;
}

async function forgetIfUseless(key: string, conversion: Promise<ConvertedDocument>): Promise<void> {
  const length = await conversion.then(
    ({ markdown }) => markdown.length,
    () => Number.POSITIVE_INFINITY,
  );
  if (length > MAX_KEPT_CHARACTERS && kept.get(key) === conversion) kept.delete(key);
}

async function inThread(format: ConvertedFormat, name: string, bytes: Uint8Array): Promise<ConvertedDocument> {
  const worker = new WorkerClient<DocumentCalls>(new URL('./document-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    stdout: true,
    stderr: true,
  });
  const tooLong = setTimeout(() => {
    void worker.close(
      refusal('SPEC_TOO_LARGE', name, `${name} takes longer than ${TIMEOUT_MS / 1000} seconds to read.`),
    );
  }, TIMEOUT_MS);
  try {
    return await worker.call('read', format, name, bytes);
  } catch (error) {
    if (error instanceof GenrtlError && error.code !== 'INTERNAL') throw error;
    const why = /memory/i.test(error instanceof Error ? error.message : '')
      ? `${name} needs more than ${MEMORY_MB} MB of memory to be read.`
      : `${name} cannot be read as ${SPEC_FORMATS[format].title}.`;
    throw refusal('SPEC_BINARY', name, why, 1, error);
  } finally {
    clearTimeout(tooLong);
    await worker.close();
  }
}
