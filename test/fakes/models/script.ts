// What a scripted model server is told to do: one function from the request to the answer. Types only, for script
// files.

/** A request as the server saw it, in one shape for both protocols. */
export interface FakeRequest {
  /** from 1, over both protocols */
  readonly number: number;
  readonly protocol: 'chat-completions' | 'anthropic-messages';
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly model: string;
  readonly system: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** system and all messages, joined by newlines: what a script searches for evidence */
  readonly text: string;
  /** the parsed body */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Tokens as the protocol reports them: OpenAI's `input` includes `cached`, Anthropic's does not. */
export interface FakeUsage {
  readonly input: number;
  readonly output: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
}

/** How the event stream is cut into writes. */
export type Chunking =
  /** one write an event */
  | { readonly mode: 'events' }
  /** writes of 1 to `upTo` bytes in a fixed pseudo-random order: inside UTF-8 sequences, lines and line ends */
  | { readonly mode: 'awkward'; readonly upTo: number; readonly seed?: number }
  /** everything at once */
  | { readonly mode: 'whole' };

export interface StreamOptions {
  readonly chunking?: Chunking;
  /** waits between writes */
  readonly everyMs?: number;
  /** waits before the headers */
  readonly beforeMs?: number;
  readonly lineEnd?: '\n' | '\r\n';
}

export type FakeAnswer =
  /** a good answer; `usage` null leaves it out, absent reports a count of words */
  | ({
      readonly kind: 'text';
      readonly text: string;
      readonly usage?: FakeUsage | null;
      readonly reasoning?: string;
      /** the protocol's own stop reason; the default is the one of a finished answer */
      readonly stop?: string;
    } & StreamOptions)
  /** an error response, e.g. 429 with `retry-after`; the default body is the protocol's own error shape */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly message?: string;
      readonly type?: string;
      readonly code?: string;
      readonly body?: string;
    }
  /** never answers */
  | { readonly kind: 'hang' }
  /** sends `text`, then nothing, with the connection open */
  | ({ readonly kind: 'stall'; readonly text: string } & StreamOptions)
  /** sends `text`, then closes: `reset` breaks the connection, `end` ends the body as if all were well */
  | ({ readonly kind: 'cut'; readonly text: string; readonly how: 'reset' | 'end' } & StreamOptions)
  /** sends `text`, then an error event inside the stream */
  | ({
      readonly kind: 'error-event';
      readonly text: string;
      readonly type: string;
      readonly message: string;
    } & StreamOptions)
  /** any bytes with any status and headers */
  | {
      readonly kind: 'raw';
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | Uint8Array;
    };

/** Default export of a script file. Called once a request, in the order of arrival. */
export type FakeScript = (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>;
