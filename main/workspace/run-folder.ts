// Reads what a step of a job left in `.genRTL/runs/<job>/<step>/`: records, diagnostics, evidence, patch, and windows
// of its logs.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Diagnostic, EvidenceBundle, JobId, SentList, StepId, ToolRunRecord } from '@genrtl/contracts';
import { openRegular, readRegular } from '@genrtl/disk/regular-file.ts';

/** What a step sent to a model, listed. */
export const SENT_FILE = 'sent.json';

/** Bytes of one log window: about what a page shows and keeps around it. */
export const LOG_WINDOW_BYTES = 64 * 1024;

/** Throws a ZodError for ids that are no ids: they become path segments. */
export function runFolder(workspace: string, jobId: string, stepId: string): string {
  return path.join(workspace, '.genRTL', 'runs', JobId.parse(jobId), StepId.parse(stepId));
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readRegular(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // a file that is being written or of another version is shown as absent, not as a crash of the page
    return null;
  }
}

export interface RunContents {
  record: ToolRunRecord | null;
  diagnostics: Diagnostic[];
  evidence: EvidenceBundle | null;
  patch: string | null;
  sent: SentList | null;
}

export async function readRun(folder: string): Promise<RunContents> {
  const [record, diagnostics, evidence, patch, sent] = await Promise.all([
    readJson(path.join(folder, 'tool.json'), ToolRunRecord),
    readJson(path.join(folder, 'diagnostics.json'), z.array(Diagnostic)),
    readJson(path.join(folder, 'evidence.json'), EvidenceBundle),
    readRegular(path.join(folder, 'patch.diff'), 'utf8').catch(() => null),
    readJson(path.join(folder, SENT_FILE), SentList),
  ]);
  return { record, diagnostics: diagnostics ?? [], evidence, patch, sent };
}

export interface LogWindow {
  text: string;
  next_offset: number;
  size_bytes: number;
}

/**
 * A window of a log from `offset` in bytes, cut at line ends so that no character is torn; a negative offset counts
 * from the end.
 * A log that does not exist yet is an empty one. `instead`: what is read in place of a stdout that stayed empty.
 */
export async function readLogWindow(
  folder: string,
  stream: 'stdout' | 'stderr',
  offset: number,
  instead?: string,
): Promise<LogWindow> {
  const sizeOf = (name: string): Promise<number> =>
    stat(path.join(folder, name)).then(
      (info) => info.size,
      () => 0,
    );
  const raw = `raw_${stream}.log`;
  const silent = instead !== undefined && stream === 'stdout' && (await sizeOf(raw)) === 0;
  const name = silent ? instead : raw;
  const file = path.join(folder, name);
  const size = await sizeOf(name);
  const from = Math.min(size, offset < 0 ? Math.max(0, size + offset) : offset);
  if (size === 0 || from >= size) return { text: '', next_offset: size, size_bytes: size };
  const handle = await openRegular(file);
  try {
    const buffer = Buffer.alloc(Math.min(LOG_WINDOW_BYTES, size - from));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    let end = bytesRead;
    if (from + bytesRead < size) {
      const lineEnd = buffer.lastIndexOf(0x0a, bytesRead - 1);
      if (lineEnd >= 0) end = lineEnd + 1;
    }
    return { text: buffer.toString('utf8', 0, end), next_offset: from + end, size_bytes: size };
  } finally {
    await handle.close();
  }
}
