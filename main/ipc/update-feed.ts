// Turns a job's updates into pushes at a pace that a page can draw: streamed text is gathered and bounded, all else
// goes at once.
import type { JobUpdate } from '@genrtl/contracts';
import type { PushHub } from './push-hub.ts';

/** One frame of a page at 20 Hz; below that the eye sees no difference and the socket sees far fewer messages. */
const FLUSH_MS = 50;
/**
 * Text of one stream kept between two flushes; the page reads logs by window, so dropping the older part loses nothing.
 */
const KEEP_CHARS = 32_768;

type TextUpdate = Extract<JobUpdate, { type: 'token' | 'log' }>;

const streamKey = (update: TextUpdate): string =>
  update.type === 'log' ? `log ${update.step_id} ${update.stream}` : `token ${update.step_id}`;

/** Listener for one job; `close` sends what is left and stops the timer. */
export class UpdateFeed {
  readonly #workspace: string;
  readonly #hub: PushHub;
  readonly #pending = new Map<string, TextUpdate>();
  #timer: NodeJS.Timeout | undefined;

  constructor(workspace: string, hub: PushHub) {
    this.#workspace = workspace;
    this.#hub = hub;
  }

  readonly accept = (update: JobUpdate): void => {
    if (update.type !== 'token' && update.type !== 'log') {
      // Order matters to a reader: text that came before a step's end is shown before it.
      this.flush();
      this.#send(update);
      return;
    }
    const key = streamKey(update);
    const before = this.#pending.get(key);
    const text = ((before?.text ?? '') + update.text).slice(-KEEP_CHARS);
    this.#pending.set(key, { ...update, text });
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  };

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const update of this.#pending.values()) this.#send(update);
    this.#pending.clear();
  }

  #send(update: JobUpdate): void {
    this.#hub.publish({ push: 'job.update', payload: { workspace: this.#workspace, update } });
  }
}
