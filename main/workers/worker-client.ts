// Calls into a worker thread as async functions: started at the first call, replaced when it dies, product errors keep
// their code.
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { GenrtlError } from '@genrtl/contracts';
import type { ErrorBody } from '@genrtl/contracts';

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

export class WorkerClient<Calls extends WorkerCalls> {
  readonly #url: URL;
  readonly #options: WorkerOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextId = 1;

  /** `url` is the worker's source, as `new URL('./x-worker.ts', import.meta.url)`: packaging looks for that form. */
  constructor(url: URL, options: WorkerOptions = {}) {
    // In Electron's bundle this module is part of main.mjs, and every worker lies beside it as a bundle of its own.
    this.#url = import.meta.url.endsWith('.mjs') ? new URL(url.href.replace(/\.ts$/, '.mjs')) : url;
    this.#options = options;
  }

  /** whether a worker runs at present */
  get started(): boolean {
    return this.#worker !== null;
  }

  /** Throws what the worker's function threw; INTERNAL when the worker died meanwhile. */
  call<Name extends keyof Calls & string>(name: Name, ...args: Parameters<Calls[Name]>): ReturnType<Calls[Name]> {
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
    const worker = this.#worker;
    this.#worker = null;
    this.#failAll(why);
    await worker?.terminate();
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
    // A host that waits for nothing may end.
    if (this.#waiting.size === 0) this.#worker?.unref();
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(answer.error === null ? new Error(answer.message) : GenrtlError.fromBody(answer.error));
  }

  #failAll(why: GenrtlError): void {
    for (const waiting of this.#waiting.values()) waiting.reject(why);
    this.#waiting.clear();
  }
}
