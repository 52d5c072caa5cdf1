// Streamed model text on its way into the events of jobs: what all runs of the process have gathered is one statement,
// and one event holds many tokens. Readers get a token when it is stored, since numbers of job events have no gaps, not
// even over the death of a process.
import { GroupWriter, type Batch, type Lane } from '../db/group-writer.ts';
import { inTransaction, type Pool } from '../db/index.ts';
import type { Log } from '../processes/log.ts';
import { insertTokens, type TokenEvent } from './repository/events.ts';
import type { News } from './run-bus.ts';

interface Piece {
  readonly attemptId: string;
  readonly attempt: number;
  readonly part: number;
  readonly text: string;
}

const BUSY_MS = 5;

export class TokenStreams {
  readonly #lane: Lane<Piece>;

  constructor({ pool, news, log }: { pool: Pool; news: News; log: Log }, group = new GroupWriter()) {
    this.#lane = group.lane(
      async (batch) => {
        for (const events of roundsOf(batch)) await insertAll(pool, events);
        news.announce([...batch.keys()]);
      },
      // Live text is a convenience: the call itself goes on.
      (error) => {
        log.warn('tokens of jobs were not stored', { error: String(error) });
      },
    );
  }

  open(runId: string, { attemptId, attempt }: Pick<Piece, 'attemptId' | 'attempt'>): TokenStream {
    let part = 0;
    return new TokenStream(
      (text) => {
        this.#lane.add(runId, { attemptId, attempt, part: (part += 1), text }, text.length);
      },
      {
        pressure: () => this.#lane.pressure(),
        take: () => this.#lane.take(runId),
      },
    );
  }
}

export class TokenStream {
  readonly #add: (text: string) => void;
  readonly #lane: { pressure(): void | Promise<void>; take(): Promise<readonly Piece[]> };
  /** half a surrogate pair that waits for its other half */
  #half = '';

  constructor(
    add: (text: string) => void,
    lane: { pressure(): void | Promise<void>; take(): Promise<readonly Piece[]> },
  ) {
    this.#add = add;
    this.#lane = lane;
  }

  /** Returns a promise when the stream should wait. */
  readonly push = (piece: string): void | Promise<void> => {
    const text = this.#half + piece;
    this.#half = /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : '';
    const whole = this.#half === '' ? text : text.slice(0, -1);
    if (whole !== '') this.#add(whole);
    return this.#lane.pressure();
  };

  /** The end of the text, which is not stored yet: it goes with the commit of what the call ended in. */
  async rest(): Promise<readonly RestOfText[]> {
    return [...eventsOf(await this.#lane.take())];
  }
}

export interface RestOfText {
  readonly key: string;
  readonly event: { readonly type: 'token'; readonly attempt: number; readonly text: string };
}

/** One for each attempt, in their order. */
function* eventsOf(pieces: readonly Piece[]): Generator<RestOfText> {
  for (const [attemptId, own] of Map.groupBy(pieces, (piece) => piece.attemptId)) {
    const [first] = own;
    if (first === undefined) continue;
    const event = { type: 'token', attempt: first.attempt, text: own.map(({ text }) => text).join('') } as const;
    // The first part names the event, so that a repeat after a lost commit writes nothing twice.
    yield { key: `token:${attemptId}:${String(first.part)}`, event };
  }
}

/** Each run once a round, an event for each of its attempts, in their order. */
function roundsOf(batch: Batch<Piece>): TokenEvent[][] {
  const rounds: TokenEvent[][] = [];
  for (const [runId, pieces] of batch)
    for (const [nth, { key, event }] of [...eventsOf(pieces)].entries())
      (rounds[nth] ??= []).push({ runId, key, body: event });
  return rounds;
}

/** A run whose row another transaction holds comes a moment later: who waits for one run would hold up all. */
async function insertAll(pool: Pool, events: readonly TokenEvent[]): Promise<void> {
  let left = events;
  while (left.length > 0) {
    const done = await inTransaction(pool, 'run.token', (tx) => insertTokens(tx, left));
    left = left.filter(({ runId }) => !done.has(runId));
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
  }
}
