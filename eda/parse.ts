// Parses logs that were written before: files or chunks in, diagnostics out, in constant memory.
import type { FileHandle } from 'node:fs/promises';
import type { Diagnostic, ToolId } from '@genrtl/contracts';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { adapterById } from './adapters/index.ts';
import { DiagnosticCollector, feedLines } from './parsing/index.ts';
import type { DiagnosticCounts } from './parsing/index.ts';
import type { LogFacts } from './adapter.ts';
import { openRegular } from '@genrtl/disk/regular-file.ts';

export interface ParsedLogs {
  /** at most 10,000, in the order of the logs */
  readonly diagnostics: Diagnostic[];
  /** exact, beyond the limit too */
  readonly counts: DiagnosticCounts;
  readonly facts: LogFacts;
}

/**
 * As a string still an object of the young generation; a megabyte is one that only a full collection frees, and a third
 * of the time went there.
 */
const CHUNK_BYTES = 100 * 1024;

export type LogSource =
  | { readonly file: string }
  | { readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array> };

/**
 * One tool's compile and run logs, in any order. `workspace` is the root that paths are made relative to (default: the
 * working directory). Throws LOG_NOT_FOUND for a file that cannot be read.
 */
export async function parseLogs(
  tool: ToolId,
  logs: readonly LogSource[],
  workspace: string = process.cwd(),
): Promise<ParsedLogs> {
  const adapter = adapterById(tool);
  if (adapter === undefined) throw new GenrtlError('USAGE', `There is no parser for ${tool}.`);
  const collector = new DiagnosticCollector(workspace);
  for (const log of logs) {
    const feed = feedLines(adapter.createParser('stdout', collector));
    for await (const chunk of 'file' in log ? readChunks(log.file) : log.chunks) feed.push(chunk);
    feed.end();
  }
  return { diagnostics: collector.diagnostics(), counts: collector.counts, facts: collector.facts };
}

/** One buffer for the whole file: the lines are copied out of it before the next read. */
async function* readChunks(file: string): AsyncGenerator<Uint8Array> {
  const handle = await openLog(file);
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function openLog(file: string): Promise<FileHandle> {
  try {
    return await openRegular(file);
  } catch (cause) {
    if (cause instanceof GenrtlError) throw cause;
    throw new GenrtlError('LOG_NOT_FOUND', `The log ${file} cannot be read.`, { cause });
  }
}
