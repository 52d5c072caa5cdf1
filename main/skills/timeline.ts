// job_timeline.jsonl: appended, never changed. A line that a kill cut off is closed by the next writer and skipped by
// readers.
import { writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { SkillState, TimelineEvent, type JobManifest } from '@genrtl/contracts/skill-run.ts';
import { readText } from '@genrtl/disk/records.ts';

export interface Timeline {
  append(entry: {
    level?: TimelineEvent['level'];
    event: string;
    state: SkillState;
    message: string;
    data?: Record<string, unknown>;
  }): Promise<void>;
  close(): Promise<void>;
}

export type TimelineListener = (event: TimelineEvent) => void;

export async function readTimeline(file: string): Promise<TimelineEvent[]> {
  const text = (await readText(file)) ?? '';
  const events: TimelineEvent[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      const parsed = TimelineEvent.safeParse(JSON.parse(line));
      if (parsed.success) events.push(parsed.data);
    } catch {
      // a line that a kill cut off
    }
  }
  return events;
}

/**
 * The state of a job: its manifest's or, while it is RUNNING, the last that the timeline says was entered, whichever is
 * later. The manifest is not saved for states that others follow at once. An end is the manifest's alone to say.
 */
export function stateOf(manifest: Pick<JobManifest, 'status' | 'state'>, events: readonly TimelineEvent[]): SkillState {
  if (manifest.status !== 'RUNNING') return manifest.state;
  const entered =
    events.findLast((event) => event.event === 'STATE_ENTERED' && event.state !== 'DONE' && event.state !== 'FAIL')
      ?.state ?? manifest.state;
  const order = SkillState.options;
  return order.indexOf(entered) > order.indexOf(manifest.state) ? entered : manifest.state;
}

/**
 * What a power cut must not take: the end, the pause, the audit of foreign code, and every warning. One of these
 * carries all lines before it.
 */
function mustLast({ level, event, state }: TimelineEvent): boolean {
  return (
    level !== 'INFO' ||
    state === 'DONE' ||
    event === 'WAITING_SELECTION' ||
    event === 'RESUMED' ||
    event === 'RESTORE_AUDIT'
  );
}

export async function openTimeline(file: string, jobId: string, listener: TimelineListener): Promise<Timeline> {
  const earlier = await readTimeline(file);
  let seq = (earlier.at(-1)?.seq ?? -1) + 1;
  const started = performance.now();
  const handle: FileHandle = await open(file, 'a+');
  const { size } = await handle.stat();
  if (size > 0) {
    const last = Buffer.alloc(1);
    await handle.read(last, 0, 1, size - 1);
    if (last[0] !== 0x0a) await handle.appendFile('\n');
  }
  return {
    append: async (entry) => {
      const event: TimelineEvent = {
        schema_version: 1,
        seq,
        at: new Date().toISOString(),
        mono_ms: Math.round((performance.now() - started) * 10) / 10,
        job_id: jobId,
        level: entry.level ?? 'INFO',
        event: entry.event,
        state: entry.state,
        message: entry.message,
        ...(entry.data ? { data: entry.data } : {}),
      };
      seq += 1;
      // in this turn: a line of some hundred bytes goes into the system's cache faster than to a thread and back
      writeFileSync(handle.fd, `${JSON.stringify(event)}\n`);
      if (mustLast(event)) await handle.datasync();
      listener(event);
    },
    close: () => handle.close(),
  };
}
