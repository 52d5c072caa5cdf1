// Recognises what tools with licence servers say while they queue, and when nothing was free.
import type { ParserSink } from '../adapter.ts';

const ABOUT = /licen[sc]e/i;
const QUEUED = /\b(?:waiting|queued?|queuing|will wait|retrying)\b/i;
const GRANTED = /\b(?:granted|checked out|obtained|acquired|successful)\b/i;
const DENIED =
  /\b(?:unable to (?:check ?out|obtain|get)|failed to (?:check ?out|obtain|get)|could not (?:check ?out|obtain|get)|not available|licensed number of users|cannot connect to licen[sc]e)\b|FLEXlm? error|invalid licen[sc]e environment/i;

/** Counts in `facts.own['licence.denied']`; a run that ends so is waiting for a licence, not failing. */
export class LicenceWatch {
  #waiting = false;
  readonly #sink: ParserSink;

  constructor(sink: ParserSink) {
    this.#sink = sink;
  }

  /** True when the line was about licences and nothing else. */
  line(text: string): boolean {
    // cheap for the millions of lines that do not speak of licences
    if (!text.includes('icen') && !text.includes('ICEN')) {
      if (this.#waiting && text !== '') this.#grant();
      return false;
    }
    if (!ABOUT.test(text)) return false;
    if (QUEUED.test(text)) {
      this.#waiting = true;
      this.#sink.licence('waiting');
      return true;
    }
    if (this.#waiting && GRANTED.test(text)) {
      this.#grant();
      return true;
    }
    if (DENIED.test(text)) {
      this.#sink.facts.own['licence.denied'] = (this.#sink.facts.own['licence.denied'] ?? 0) + 1;
      return true;
    }
    return false;
  }

  #grant(): void {
    this.#waiting = false;
    this.#sink.licence('granted');
  }
}
