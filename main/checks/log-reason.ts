// Why a run ended as it did, in the log's own words.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunToolResult } from '@genrtl/eda/runner/types.ts';

const MAX_CHARS = 300;

/** The tool's own word about itself, else its last line on stderr; null: it said nothing. */
export async function logReason(result: RunToolResult, runDir: string): Promise<string | null> {
  const own = result.diagnostics.find(({ code }) => code === 'INTERNAL');
  if (own !== undefined) {
    const place =
      own.file === undefined ? '' : ` (while at ${own.file}${own.line === undefined ? '' : `:${own.line}`})`;
    return `${own.message.slice(0, MAX_CHARS)}${place}`;
  }
  const log = await readFile(path.join(runDir, 'raw_stderr.log'), 'utf8').catch(() => '');
  const last = log.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return last === '' ? null : last.slice(0, MAX_CHARS);
}
