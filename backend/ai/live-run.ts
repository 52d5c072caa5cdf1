// A run while this process works on it: its events in memory, whoever reads them, and when it has to stop.
import { endsStream } from '@genrtl/contracts/ai-limits.ts';
import type { AiEvent } from '@genrtl/contracts/ai-events.ts';
import type { AiRequest } from '@genrtl/contracts/http/ai.ts';
import type { RenderMode } from '@genrtl/contracts';
import type { Draft } from '../flows/context.ts';
import { Pace } from './pace.ts';
import type { RunKey } from './repository/runs.ts';

/** What is produced and not taken by the fastest reader, before the model's stream is held back. */
export const BACKLOG_CHARS = 128 * 1024;

/** Of the text of one run; a run says one kind of it. */
type VisibleText = { readonly type: 'token' | 'reduce:token'; readonly text: string };
const MOST_GATHERED_CHARS = 4_096;
/** Of all runs of this process. */
const PACE = new Pace({ leastMs: 40, mostMs: 100, eachMs: 0.2 });

export type StopReason = 'cancelled' | 'disconnected' | 'shutdown' | 'budget' | 'timeout';

export interface Entry {
  readonly event: AiEvent;
  /** the event as it goes over the wire, made once for all readers */
  readonly frame: string;
  /** characters of all frames up to and with this one */
  readonly end: number;
}

/** An event on its way into the database: its JSON without the run's id, which stands in the row. */
export interface StoredEvent {
  readonly seq: number;
  readonly json: string;
}

export interface LiveRunParts extends RunKey {
  readonly request: AiRequest;
  readonly requestHash: string;
  readonly renderMode: RenderMode;
  readonly retained: boolean;
  readonly attempt: number;
  /** the highest number that was ever sent */
  readonly lastSeq: number;
  /** when it was asked for, by the clock of this process */
  readonly askedAt: number;
  /** null: it goes on without a reader */
  readonly graceMs: number | null;
  readonly store: (event: StoredEvent) => void;
}

export class LiveRun {
  readonly parts: LiveRunParts;
  readonly #controller = new AbortController();
  readonly #entries: Entry[] = [];
  readonly #readers = new Set<Reader>();
  readonly #runIdJson: string;
  /** text that was said, and goes out with what comes in the next moment */
  #gathered: VisibleText | null = null;
  #shownAt = -Infinity;
  #seq: number;
  #grace: NodeJS.Timeout | null = null;
  #pressed: PromiseWithResolvers<void> | null = null;
  #ended = false;
  /** from the request to the first visible text */
  firstTextMs: number | null = null;
  stopReason: StopReason | null = null;
  attempt: number;

  constructor(parts: LiveRunParts) {
    this.parts = parts;
    this.#runIdJson = JSON.stringify(parts.runId);
    this.#seq = parts.lastSeq;
    this.attempt = parts.attempt;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }
  get ended(): boolean {
    return this.#ended;
  }
  get lastSeq(): number {
    return this.#seq;
  }
  get readers(): number {
    return this.#readers.size;
  }
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** The first reason counts. */
  stop(reason: StopReason): void {
    if (this.#ended || this.stopReason !== null) return;
    this.stopReason = reason;
    this.#controller.abort(new Error(reason));
    this.#release();
  }

  /**
   * Visible text: the first at once, what follows it closely in one event. A piece costs a frame, a row and a write,
   * and nobody sees more than some twenty changes a second.
   */
  say({ type, text }: VisibleText): void {
    if (this.#ended) return;
    if (this.#gathered !== null) {
      this.#gathered = { type, text: this.#gathered.text + text };
      if (this.#gathered.text.length > MOST_GATHERED_CHARS) this.showAll();
      return;
    }
    this.#gathered = { type, text };
    if (performance.now() - this.#shownAt < PACE.everyMs) PACE.later(this.#show);
    else this.showAll();
  }

  readonly #show = (): void => {
    this.showAll();
  };

  /** Nothing that was said waits any longer. */
  showAll(): void {
    const text = this.#gathered;
    if (text === null) return;
    this.#gathered = null;
    this.#shownAt = performance.now();
    this.emit(text);
  }

  /** In the order of saying and telling. */
  emit(draft: Draft): void {
    this.showAll();
    if (this.#ended) return;
    this.#seq += 1;
    const seq = this.#seq;
    if (this.firstTextMs === null && showsText(draft)) this.firstTextMs = performance.now() - this.parts.askedAt;
    // Made once: for the wire with the run's id, for the database without.
    const json = JSON.stringify({ ...draft, seq });
    const event = { ...draft, seq, runId: this.parts.runId } as AiEvent;
    const frame = `id: ${String(seq)}\nevent: ${event.type}\ndata: ${json.slice(0, -1)},"runId":${this.#runIdJson}}\n\n`;
    const end = (this.#entries.at(-1)?.end ?? 0) + frame.length;
    this.#entries.push({ event, frame, end });
    if (this.parts.retained) this.parts.store({ seq, json });
    if (endsStream(event)) {
      this.#ended = true;
      this.#clearGrace();
    }
    for (const reader of this.#readers) reader.wake();
  }

  /** Another process works on it from here: readers are let go without an end. */
  leave(): void {
    this.showAll();
    this.#ended = true;
    this.#clearGrace();
    for (const reader of this.#readers) reader.wake();
  }

  /** A promise while every reader is far behind; without readers the run goes on for its grace. */
  pressure(): void | Promise<void> {
    if (!this.#isBehind()) return;
    this.#pressed ??= Promise.withResolvers<void>();
    return this.#pressed.promise;
  }

  #isBehind(): boolean {
    if (this.#readers.size === 0 || this.signal.aborted) return false;
    const total = this.#entries.at(-1)?.end ?? 0;
    for (const reader of this.#readers) if (total - reader.taken <= BACKLOG_CHARS) return false;
    return true;
  }

  #release(): void {
    if (this.#pressed === null || this.#isBehind()) return;
    this.#pressed.resolve();
    this.#pressed = null;
  }

  /** Events above this number, from the beginning of what this process knows. */
  attach(afterSeq: number): Reader {
    this.#clearGrace();
    const reader = new Reader(this, afterSeq, () => {
      this.#release();
    });
    this.#readers.add(reader);
    return reader;
  }

  detach(reader: Reader): void {
    if (!this.#readers.delete(reader)) return;
    this.#release();
    this.considerGrace();
  }

  /** Nobody reads: the run goes on for its grace, then cancels itself. */
  considerGrace(): void {
    if (this.#ended || this.#readers.size > 0 || this.#grace !== null) return;
    if (this.parts.request.options.cancelOnDisconnect === true) {
      this.stop('disconnected');
      return;
    }
    if (this.parts.graceMs === null) return;
    this.#grace = setTimeout(() => {
      this.#grace = null;
      this.stop('disconnected');
    }, this.parts.graceMs);
    this.#grace.unref();
  }

  #clearGrace(): void {
    if (this.#grace !== null) clearTimeout(this.#grace);
    this.#grace = null;
  }
}

const showsText = ({ type }: Draft): boolean => type === 'token' || type === 'reduce:token' || type === 'patch';

export class Reader {
  readonly #run: LiveRun;
  readonly #moved: () => void;
  readonly #afterSeq: number;
  #next = 0;
  #wake: (() => void) | null = null;
  #closed = false;
  /** characters of all frames that this reader has taken or passed over */
  taken = 0;

  constructor(run: LiveRun, afterSeq: number, moved: () => void) {
    this.#run = run;
    this.#moved = moved;
    this.#afterSeq = afterSeq;
    while ((run.entries[this.#next]?.event.seq ?? Infinity) <= afterSeq) this.#advance();
  }

  #advance(): Entry | null {
    const entry = this.#run.entries[this.#next];
    if (entry === undefined) return null;
    this.#next += 1;
    this.taken = entry.end;
    return entry;
  }

  wake(): void {
    this.#wake?.();
    this.#wake = null;
  }

  close(): void {
    this.#closed = true;
    this.#run.detach(this);
    this.wake();
  }

  /** The next entries, up to so many characters; null after the last one, or when closed. */
  async take(maxChars: number): Promise<Entry[] | null> {
    for (;;) {
      if (this.#closed) return null;
      const taken: Entry[] = [];
      for (let chars = 0; chars < maxChars; ) {
        const entry = this.#advance();
        if (entry === null) break;
        // a reader may know more than has come here yet
        if (entry.event.seq <= this.#afterSeq) continue;
        taken.push(entry);
        chars += entry.frame.length;
      }
      if (taken.length > 0) {
        this.#moved();
        return taken;
      }
      if (this.#run.ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
