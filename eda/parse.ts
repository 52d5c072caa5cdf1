// Parses logs that were written before: files or chunks in, diagnostics out, in constant memory.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Diagnostic, ToolId } from '@genrtl/contracts';
import { GenrtlError } from '@genrtl/contracts';
import { adapterById } from './adapters/index.ts';
import { DiagnosticCollector, feedLines } from './parsing/index.ts';
import type { DiagnosticCounts } from './parsing/index.ts';
import type { LogFacts } from './adapter.ts';

export interface ParsedLogs {
  /** at most 10,000, in the order of the logs */
  readonly diagnostics: Diagnostic[];
  /** exact, beyond the limit too */
  readonly counts: DiagnosticCounts;
  readonly facts: LogFacts;
}

const CHUNK_BYTES = 1024 * 1024;

export type LogSource = { readonly file: string } | { readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array> };

/**
 * One tool's compile and run logs, in any order. `workspace` is the root that paths are made relative to (default: the
 * working directory). Throws LOG_NOT_FOUND for a file that cannot be read.
 */
export async function parseLogs(tool: ToolId, logs: readonly LogSource[], workspace: string = process.cwd()): Promise<ParsedLogs> {
  const adapter = adapterById(tool);
  if (adapter === undefined) throw new GenrtlError('USAGE', `There is no parser for ${tool}.`);
  const collector = new DiagnosticCollector(workspace);
  for (const log of logs) {
    const feed = feedLines(adapter.createParser('stdout', collector));
    for await (const chunk of 'file' in log ? await readChunks(log.file) : log.chunks) feed.push(chunk);
    feed.end();
  }
  return { diagnostics: collector.diagnostics(), counts: collector.counts, facts: collector.facts };
}

async function readChunks(file: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    if ((await stat(file)).isDirectory()) throw new Error('is a folder');
  } catch (cause) {
    throw new GenrtlError('LOG_NOT_FOUND', `The log ${file} cannot be read.`, { cause });
  }
  return createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
}
