// The one door between a page and the main process: checks name and payload, runs the handler, answers with a typed
// refusal.
// Transports (WebSocket, Electron IPC) carry what this module takes and gives; they hold no rules of their own.
import { GenrtlError } from '@genrtl/contracts';
import { IPC_CALLS } from '@genrtl/contracts/ipc/index.ts';
import type { IpcAnswer, IpcCall, IpcHandlers } from '@genrtl/contracts/ipc/index.ts';

/** Never throws: whatever the payload is, the answer is an IpcAnswer. */
export type Dispatch = (name: unknown, request: unknown) => Promise<IpcAnswer>;

export function isIpcCall(name: unknown): name is IpcCall {
  return typeof name === 'string' && Object.hasOwn(IPC_CALLS, name);
}

function refusal(error: unknown): IpcAnswer {
  // The cause stays in the log of the main process: a message of Node's may name paths that the page never asked about.
  return { ok: false, error: GenrtlError.of(error, 'The application failed in an unexpected way.').toBody() };
}

/** First problem of a schema failure, as `field: message`. */
function firstProblem(issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
  const issue = issues[0];
  if (issue === undefined) return 'the request has the wrong shape';
  const field = issue.path.map(String).join('.').slice(0, 200);
  return field === '' ? issue.message : `${field}: ${issue.message}`;
}

/**
 * @param onUnexpected told of every error that is not a GenrtlError: our bug or broken infrastructure.
 * Refuses with REQUEST_INVALID (unknown call, wrong payload) before any handler runs.
 */
export function createDispatch(handlers: IpcHandlers, onUnexpected: (call: IpcCall, error: unknown) => void): Dispatch {
  const run = async <C extends IpcCall>(name: C, request: unknown): Promise<IpcAnswer> => {
    const parsed = IPC_CALLS[name].request.safeParse(request);
    if (!parsed.success) {
      return {
        ok: false,
        error: new GenrtlError('REQUEST_INVALID', `${name}: ${firstProblem(parsed.error.issues)}`).toBody(),
      };
    }
    try {
      // The schema of `name` produced the value, so it is this handler's request; TypeScript cannot follow the index.
      const handler = handlers[name] as (value: unknown) => Promise<unknown>;
      return { ok: true, value: await handler(parsed.data) };
    } catch (error) {
      if (!(error instanceof GenrtlError)) onUnexpected(name, error);
      return refusal(error);
    }
  };
  return async (name, request) => {
    if (!isIpcCall(name))
      return { ok: false, error: new GenrtlError('REQUEST_INVALID', 'There is no such call.').toBody() };
    return run(name, request);
  };
}
