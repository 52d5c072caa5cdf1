// The worker's side of worker-client.ts.
import { parentPort } from 'node:worker_threads';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { AnswerMessage, CallMessage, WorkerCalls } from './worker-client.ts';

/** Answers the calls of the parent with `functions`; call it once, at the worker's top level. */
export function serveCalls(functions: WorkerCalls): void {
  parentPort?.on('message', ({ id, name, args }: CallMessage) => {
    const run = functions[name] as ((...values: readonly unknown[]) => Promise<unknown>) | undefined;
    const answer = (message: AnswerMessage): void => parentPort?.postMessage(message);
    const fail = (error: unknown): void =>
      answer({
        id,
        ok: false,
        error: error instanceof GenrtlError ? error.toBody() : null,
        message: error instanceof Error ? error.message : String(error),
      });
    if (run === undefined) fail(new Error(`no function ${name}`));
    else run(...args).then((value) => answer({ id, ok: true, value }), fail);
  });
}
