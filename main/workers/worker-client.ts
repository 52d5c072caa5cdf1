// Calls into a worker thread as async functions: started at the first call, replaced when it dies, ended when nobody
// asks it anything for a while, product errors keep their code.
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { ErrorBody } from '@genrtl/contracts/errors.ts';

/** The functions that a worker offers; arguments and results cross by structured clone. */
export type WorkerCalls = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

/** Wire of one call and its answer. */
export interface CallMessage {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}
export type AnswerMessage =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorBody | null; readonly message: string };

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** When a worker that nobody asks anything ends. */
export interface IdleEnd {
  readonly afterMs: number;
  /** a last call without arguments, for what would be left behind: temporary files */
  readonly lastCall?: string;
}

/** Short-lived objects of one thread; V8's own default keeps 48 MB of room for them once it was needed. */
const YOUNG_MB = 12;

export class WorkerClient<Calls extends WorkerCalls> {
  readonly #url: URL;
  readonly #options: WorkerOptions;
  readonly #idle: IdleEnd | null;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextId = 1;
  #idleTimer: NodeJS.Timeout | undefined;

  /** `url` is the worker's source, as `new URL('./x-worker.ts', import.meta.url)`: packaging looks for that form. */
  constructor(url: URL, { idle = null, ...options }: WorkerOptions & { readonly idle?: IdleEnd | null } = {}) {
    // In Electron's bundle this module is part of main.mjs, and every worker lies beside it as a bundle of its own.
    this.#url = import.meta.url.endsWith('.mjs') ? new URL(url.href.replace(/\.ts$/, '.mjs')) : url;
    this.#options = {
      ...options,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, ...options.resourceLimits },
    };
    this.#idle = idle;
  }

  /** whether a worker runs at present */
  get started(): boolean {
    return this.#worker !== null;
  }

  /** Throws what the worker's function threw; INTERNAL when the worker died meanwhile. */
  call<Name extends keyof Calls & string>(name: Name, ...args: Parameters<Calls[Name]>): ReturnType<Calls[Name]> {
    clearTimeout(this.#idleTimer);
    const worker = (this.#worker ??= this.#start());
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    worker.ref();
    worker.postMessage({ id, name, args } satisfies CallMessage);
    // The worker serves exactly `Calls`, so what comes back under this id is this call's result.
    return answer as ReturnType<Calls[Name]>;
  }

  /** Open calls fail with `why`. The next call starts a new worker. */
  async close(why = new GenrtlError('INTERNAL', 'The worker was stopped.')): Promise<void> {
    clearTimeout(this.#idleTimer);
    const worker = this.#worker;
    this.#worker = null;
    this.#failAll(why);
    await worker?.terminate();
  }

  /** Nothing is open: the worker ends, and a call from now on gets a new one. */
  #retire(): void {
    const worker = this.#worker;
    this.#worker = null;
    if (worker === null) return;
    const end = (): void => void worker.terminate();
    if (this.#idle?.lastCall === undefined) {
      end();
      return;
    }
    worker.removeAllListeners('message').once('message', end);
    worker.postMessage({ id: 0, name: this.#idle.lastCall, args: [] } satisfies CallMessage);
  }

  #start(): Worker {
    const worker = new Worker(this.#url, this.#options);
    worker.on('message', (answer: AnswerMessage) => this.#settle(answer));
    const died = (why: string): void => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#failAll(new GenrtlError('INTERNAL', why));
    };
    worker.on('error', (error) => died(error.message));
    worker.on('exit', (code) => died(`The worker ended with code ${code}.`));
    return worker;
  }

  #settle(answer: AnswerMessage): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#rest();
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(answer.error === null ? new Error(answer.message) : GenrtlError.fromBody(answer.error));
  }

  /** A host that waits for nothing may end. */
  #rest(): void {
    this.#worker?.unref();
    if (this.#idle !== null) this.#idleTimer = setTimeout(() => this.#retire(), this.#idle.afterMs).unref();
  }

  #failAll(why: GenrtlError): void {
    for (const waiting of this.#waiting.values()) waiting.reject(why);
    this.#waiting.clear();
  }
}
