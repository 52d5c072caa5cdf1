// Skill jobs that this server supervises: started by one call, watched by later ones, cancelled with the server.
import { GenrtlError } from '@genrtl/contracts';
import type { TimelineEvent } from '@genrtl/contracts/skill-run.ts';
import type { SkillContext, SkillJobResult } from '../skills/index.ts';

const MAX_LIVE_JOBS = 8;

export interface LiveJob {
  readonly jobId: string;
  readonly runDir: string;
  /** resolves at the job's end or pause; never rejects once the job has a run directory */
  readonly done: Promise<SkillJobResult>;
  last: TimelineEvent;
  readonly listeners: Set<(event: TimelineEvent) => void>;
  cancel(): void;
}

export class SkillJobs {
  readonly #context: SkillContext;
  readonly #live = new Map<string, LiveJob>();
  #starting = 0;

  constructor(context: SkillContext) {
    this.#context = context;
  }

  /** A job that still runs here, or null. */
  find(jobId: string): LiveJob | null {
    return this.#live.get(jobId) ?? null;
  }

  /**
   * Starts `work` and resolves as soon as the job has a run directory: with the live job, or with the result when it
   * ended before its first event. Throws what `work` throws before that, and RATE_LIMITED.
   */
  async start(work: (context: SkillContext) => Promise<SkillJobResult>): Promise<LiveJob | SkillJobResult> {
    if (this.#live.size + this.#starting >= MAX_LIVE_JOBS)
      throw new GenrtlError('RATE_LIMITED', `${MAX_LIVE_JOBS} skill jobs run already.`, {
        hint: 'Wait for one with skill_status, or cancel one.',
      });
    this.#starting += 1;
    try {
      return await this.#begin(work);
    } finally {
      this.#starting -= 1;
    }
  }

  #begin(work: (context: SkillContext) => Promise<SkillJobResult>): Promise<LiveJob | SkillJobResult> {
    const abort = new AbortController();
    return new Promise((resolve, reject) => {
      let live: LiveJob | null = null;
      const done = work({
        ...this.#context,
        signal: AbortSignal.any([this.#context.signal, abort.signal]),
        onEvent: (event, runDir) => {
          if (live === null) {
            live = {
              jobId: event.job_id,
              runDir,
              done,
              last: event,
              listeners: new Set(),
              cancel: () => abort.abort(),
            };
            this.#live.set(event.job_id, live);
            resolve(live);
          }
          live.last = event;
          for (const listener of live.listeners) listener(event);
        },
      });
      done.then(resolve, reject).finally(() => {
        if (live !== null) this.#live.delete(live.jobId);
      });
    });
  }

  /** Waits for what was aborted together with the context's signal. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#live.values()].map((job) => job.done));
  }
}

/** The job's result, or null when it goes on after `ms` or the caller went away. */
export async function waitForEnd(job: LiveJob, ms: number, signal: AbortSignal): Promise<SkillJobResult | null> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => undefined;
  const given = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
    onAbort = () => resolve(null);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([job.done, given]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
