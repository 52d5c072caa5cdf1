// Holds a diagnostic back while the lines that follow may still belong to it.
import type { Diagnostic } from '@genrtl/contracts';
import type { ParserSink } from '../adapter.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** More than this hangs below no real diagnostic. */
const MAX_RELATED = 32;
const MAX_MESSAGE_CHARS = 4_096;

export class PendingDiagnostic {
  #current: Mutable<Diagnostic> | null = null;
  readonly #sink: ParserSink;

  constructor(sink: ParserSink) {
    this.#sink = sink;
  }

  get current(): Mutable<Diagnostic> | null {
    return this.#current;
  }

  /** Reports what was held and holds this one. */
  start(diagnostic: Diagnostic): void {
    this.flush();
    this.#current = { ...diagnostic };
  }

  flush(): void {
    if (this.#current === null) return;
    this.#sink.report(this.#current);
    this.#current = null;
  }

  /** Adds a continuation to the message, blank-separated. */
  append(text: string): void {
    if (this.#current === null || text === '' || this.#current.message.length > MAX_MESSAGE_CHARS) return;
    this.#current.message = this.#current.message === '' ? text : `${this.#current.message} ${text}`;
  }

  relate(file: string, line: number, message: string): void {
    if (this.#current === null) return;
    const related = this.#current.related ?? [];
    if (related.length < MAX_RELATED) this.#current.related = [...related, { file, line, message }];
  }
}
