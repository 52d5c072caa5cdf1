// The request/ack loop: puts a request into queue/ atomically and waits for its answer under the session's watch.
import { lstatSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { SkillAck, type SkillRequest } from '@genrtl/contracts/skill-run.ts';
import { SkillErrorType } from '@genrtl/contracts/skill-failures.ts';
import { SkillFault } from './fault.ts';
import { writeNew, type RunDir } from './run-dir.ts';
import type { Session } from './session.ts';
import { readRegular, readRegularSync } from '@genrtl/disk/regular-file.ts';

/** All requests that a session is ever sent, each at most once. */
export const REQUEST_IDS = { restore: '0001_restore', run: '0002_run', stop: '0099_stop' } as const;

/** How long an unreadable ack may stay so before it counts as invalid: shared file systems show files late. */
const ACK_GRACE_MS = 2000;

const textOf = (request: SkillRequest): string => `${JSON.stringify(request)}\n`;

function submit(dir: RunDir, request: SkillRequest): void {
  writeNew(path.join(dir.queue, `${request.request_id}.json`), textOf(request));
}

/**
 * What stands in queue/ and ack/ and comes from nobody but us: another name, a link, another text. The tool refuses
 * such a request, and a job beside which somebody asked the same tool for something has no result. Names that begin
 * with a dot are temporary files. Throws REQUEST_INVALID naming all.
 */
export async function refuseForeignRequests(dir: RunDir, submitted: readonly SkillRequest[]): Promise<void> {
  const texts = new Map(submitted.map((request) => [`${request.request_id}.json`, textOf(request)]));
  const foreign: string[] = [];
  for (const folder of ['queue', 'ack'] as const) {
    for (const name of (await readdir(dir[folder])).filter((each) => !each.startsWith('.')).sort()) {
      const text = texts.get(name);
      const file = path.join(dir[folder], name);
      const ours =
        text !== undefined &&
        (await lstat(file)).isFile() &&
        (folder === 'ack' || (await readRegular(file, 'utf8')) === text);
      if (!ours) foreign.push(`${folder}/${name}`);
    }
  }
  if (foreign.length > 0)
    throw new SkillFault(
      'REQUEST_INVALID',
      `Something else than this job put ${foreign.slice(0, 10).join(', ')}${foreign.length > 10 ? ` and ${foreign.length - 10} more` : ''} there.`,
      foreign.slice(0, 10),
    );
}

/** Null while there is none; a half-written or foreign answer throws ACK_INVALID after a grace period. */
function ackProbe(dir: RunDir, requestId: string): () => SkillAck | null {
  const relative = `ack/${requestId}.json`;
  const file = path.join(dir.ack, `${requestId}.json`);
  let unreadableSince: number | null = null;
  return () => {
    const info = lstatSync(file, { throwIfNoEntry: false });
    if (info === undefined) return null;
    if (!info.isFile() || info.size > 1024 * 1024)
      throw new SkillFault('ACK_INVALID', `${relative} is no regular file of at most 1 MiB.`, [relative]);
    let problem: string;
    try {
      const parsed = SkillAck.safeParse(JSON.parse(readRegularSync(file, 'utf8')));
      if (parsed.success && parsed.data.request_id === requestId) return parsed.data;
      problem = parsed.success ? 'it answers another request' : (parsed.error.issues[0]?.message ?? 'not an ack');
    } catch (error) {
      problem = (error as Error).message;
    }
    unreadableSince ??= performance.now();
    if (performance.now() - unreadableSince > ACK_GRACE_MS)
      throw new SkillFault('ACK_INVALID', `${relative} is not readable: ${problem}.`, [relative]);
    return null;
  };
}

/**
 * Submits and waits. A FAIL ack becomes a fault of its own class; `failAs` replaces SCRIPT_ERROR where the script was
 * not the skill's, also when the tool died of the command's error without an ack.
 */
export async function runRequest(
  dir: RunDir,
  session: Session,
  request: Extract<SkillRequest, { action: 'SOURCE_TCL' }>,
  limitMs: number,
  failAs: 'SCRIPT_ERROR' | 'RESTORE_FAIL',
): Promise<SkillAck> {
  const ackFile = `ack/${request.request_id}.json`;
  submit(dir, request);
  let ack: SkillAck;
  try {
    ack = await session.waitFor(ackProbe(dir, request.request_id), {
      ms: limitMs,
      fault: () =>
        new SkillFault('ACK_TIMEOUT', `${request.script} did not end within ${limitMs / 1000} s.`, [
          'session/heartbeat',
          `queue/${request.request_id}.json`,
        ]),
    });
  } catch (error) {
    if (error instanceof SkillFault && error.type === 'SCRIPT_ERROR')
      throw new SkillFault(failAs, error.message, error.evidence, error);
    throw error;
  }
  if (ack.status === 'PASS') return ack;
  const named = SkillErrorType.safeParse(ack.error_type);
  const type = named.success ? (named.data === 'SCRIPT_ERROR' ? failAs : named.data) : 'ACK_INVALID';
  const place = ack.error_line > 0 ? ` (${request.script} line ${ack.error_line})` : '';
  throw new SkillFault(type, `${ack.message}${place}`, [ackFile, request.script]);
}

/** Asks the tool to end; the answer does not matter, its end does. */
export function submitStop(dir: RunDir, jobId: string): SkillRequest {
  const request: SkillRequest = {
    schema_version: 1,
    request_id: REQUEST_IDS.stop,
    job_id: jobId,
    action: 'STOP',
    submitted_ms: Date.now(),
  };
  submit(dir, request);
  return request;
}
