// The host-log gate: reads what the tool itself said between the requests and its end, and refuses a step whose log
// holds an error that the contract does not allow.
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { AllowedLogLine } from '@genrtl/contracts/skill-contract.ts';
import type { HostLogLine, HostLogRecord } from '@genrtl/contracts/skill-run.ts';
import { regularChunks } from '@genrtl/disk/regular-file.ts';
import { SkillFault } from './fault.ts';
import { HOST_LOGS, severityOf } from './host-logs.ts';
import type { HostSpec } from './hosts.ts';
import { MAX_LINE } from './report-lines.ts';
import { replaceJson, type RunDir } from './run-dir.ts';
import { sessionLogs } from './session.ts';

/** Lines that the record keeps, errors first. */
const KEPT_LINES = 200;
const KEPT_TEXT = 1000;
/** Error lines that the failure's message quotes. */
const QUOTED_LINES = 5;
const NEWLINE = 0x0a;

const STREAMS = ['stdout', 'stderr'] as const;
type Stream = (typeof STREAMS)[number];

/** Sizes of the logs at the moment before a request was submitted: what comes later belongs to it. */
export interface LogMark {
  readonly requestId: string;
  readonly offsets: Readonly<Record<Stream, number>>;
}

export function markLogs(dir: RunDir, host: HostSpec, requestId: string): LogMark {
  const logs = sessionLogs(dir, host);
  const sizeOf = (stream: Stream): number => statSync(logs[stream], { throwIfNoEntry: false })?.size ?? 0;
  return { requestId, offsets: { stdout: sizeOf('stdout'), stderr: sizeOf('stderr') } };
}

interface LogLine {
  readonly number: number;
  /** of its first byte */
  readonly offset: number;
  readonly text: string;
}

/** Lines of a log that begin at `from` or later; each is cut at MAX_LINE bytes, whatever its length. */
async function* logLines(file: string, from: number): AsyncGenerator<LogLine> {
  let number = 1;
  let lineStart = 0;
  let position = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const textOf = (): string => Buffer.concat(held).toString('utf8').replace(/\r$/, '');
  for await (const chunk of regularChunks(file)) {
    let at = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, at);
      const part = chunk.subarray(at, end === -1 ? chunk.length : end);
      if (lineStart >= from && heldBytes < MAX_LINE) {
        held.push(part.subarray(0, MAX_LINE - heldBytes));
        heldBytes += part.length;
      }
      if (end === -1) break;
      if (lineStart >= from) yield { number, offset: lineStart, text: textOf() };
      number += 1;
      at = end + 1;
      lineStart = position + at;
      held = [];
      heldBytes = 0;
    }
    position += chunk.length;
  }
  if (heldBytes > 0) yield { number, offset: lineStart, text: textOf() };
}

/**
 * What the tool said since the first mark. `marks` are in the order of the requests; a line belongs to the last request
 * that was submitted before it was in the file.
 */
export async function readHostLog(
  dir: RunDir,
  host: HostSpec,
  jobId: string,
  marks: readonly LogMark[],
  allowedLines: readonly AllowedLogLine[],
): Promise<HostLogRecord> {
  const logs = sessionLogs(dir, host);
  const patterns = HOST_LOGS[host.id];
  const allowed = allowedLines.map((each) => ({ ...each, regex: new RegExp(each.pattern), lines: 0 }));
  const failing: HostLogLine[] = [];
  const others: HostLogLine[] = [];
  const counts = { errors: 0, warnings: 0 };
  const [first] = marks;
  for (const stream of STREAMS) {
    if (first === undefined || (await stat(logs[stream]).catch(() => null)) === null) continue;
    for await (const line of logLines(logs[stream], first.offsets[stream])) {
      const severity = severityOf(line.text, patterns);
      if (severity === null) continue;
      const covered = severity === 'error' ? allowed.find((each) => each.regex.test(line.text)) : undefined;
      if (covered) covered.lines += 1;
      else counts[severity === 'error' ? 'errors' : 'warnings'] += 1;
      const list = severity === 'error' && !covered ? failing : others;
      if (list.length >= KEPT_LINES) continue;
      list.push({
        request_id: marks.findLast((mark) => mark.offsets[stream] <= line.offset)?.requestId ?? first.requestId,
        stream,
        line: line.number,
        severity,
        text: line.text.trim().slice(0, KEPT_TEXT),
        allowed: covered?.reason ?? null,
      });
    }
  }
  const lines = [...failing, ...others].slice(0, KEPT_LINES);
  const all = counts.errors + counts.warnings + allowed.reduce((sum, each) => sum + each.lines, 0);
  return {
    schema_version: 1,
    job_id: jobId,
    ...counts,
    allowed: allowed.map(({ pattern, reason, lines: count }) => ({ pattern, reason, lines: count })),
    lines,
    left_out: all - lines.length,
  };
}

/** Replaced after each request; the last state is the whole session's. */
export async function writeHostLog(dir: RunDir, record: HostLogRecord): Promise<void> {
  await replaceJson(path.join(dir.session, 'host_log.json'), record);
}

const failing = (record: HostLogRecord): HostLogLine[] =>
  record.lines.filter((line) => line.severity === 'error' && line.allowed === null);

/** The first error lines as one text; empty when there are none. */
export function quotedErrors(record: HostLogRecord): string {
  const quoted = failing(record)
    .slice(0, QUOTED_LINES)
    .map((line) => line.text.replace(/\.$/, ''));
  return quoted.join(' | ') + (record.errors > quoted.length ? ` (and ${record.errors - quoted.length} more)` : '');
}

/** The fault of a log with errors: RESTORE_FAIL when one came before the skill ran, LOG_ERROR otherwise; or null. */
export function hostLogFault(record: HostLogRecord, host: HostSpec): SkillFault | null {
  const errors = failing(record);
  const [first] = errors;
  if (first === undefined) return null;
  return new SkillFault(
    errors.some((line) => line.request_id === '0001_restore') ? 'RESTORE_FAIL' : 'LOG_ERROR',
    `${host.title} reported ${record.errors === 1 ? 'an error' : `${record.errors} errors`} and went on: ${quotedErrors(record)}.`,
    ['session/host_log.json', `session/${host.id}.${first.stream}.log`],
  );
}
