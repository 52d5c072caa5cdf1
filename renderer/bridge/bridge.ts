// Picks the transport once: Electron's preload when it is there, else the WebSocket of the web host.
import type {
  IpcAnswer,
  IpcBridge,
  IpcCall,
  IpcPush,
  IpcPushPayload,
  IpcRequest,
  IpcResponse,
} from '@genrtl/contracts/ipc/index.ts';
import { CallError } from './call-error.ts';
import { SocketBridge } from './socket-bridge.ts';
import { useLink } from '../state/link-store.ts';

/**
 * What preload exposes: answers cross the context bridge as data, since thrown errors would lose their fields there.
 */
export interface PreloadBridge {
  call(name: IpcCall, request: unknown): Promise<IpcAnswer>;
  on(name: IpcPush, listener: (payload: unknown) => void): () => void;
  /** absolute path of a dropped file, '' when it has none */
  pathOf(file: File): string;
}

declare global {
  interface Window {
    readonly genrtl?: PreloadBridge;
  }
}

class PreloadTransport implements IpcBridge {
  readonly #preload: PreloadBridge;

  constructor(preload: PreloadBridge) {
    this.#preload = preload;
    useLink.getState().setLink('open');
  }

  async call<C extends IpcCall>(name: C, request: IpcRequest<C>): Promise<IpcResponse<C>> {
    const answer = await this.#preload.call(name, request);
    if (!answer.ok) throw new CallError(answer.error);
    return answer.value as IpcResponse<C>;
  }

  on<P extends IpcPush>(name: P, listener: (payload: IpcPushPayload<P>) => void): () => void {
    return this.#preload.on(name, (payload) => listener(payload as IpcPushPayload<P>));
  }
}

const restorers: (() => Promise<unknown>)[] = [];

/**
 * `work` runs after each reconnect before the link counts as open: a host that was started anew knows nothing of what
 * this page had open.
 */
export function restoreOnReconnect(work: () => Promise<unknown>): void {
  restorers.push(work);
}

function connect(): IpcBridge {
  if (window.genrtl !== undefined) return new PreloadTransport(window.genrtl);
  const url = `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/ipc`;
  let connection = 0;
  return new SocketBridge(url, (state) => {
    connection += 1;
    const mine = connection;
    if (state !== 'open') useLink.getState().setLink(state);
    // a restorer that fails leaves it to the rooms to say what is wrong
    else
      void Promise.allSettled(restorers.map((work) => work())).then(() => {
        if (mine === connection) useLink.getState().setLink('open');
      });
  });
}

const transport = connect();
const answered = new Set<(name: IpcCall) => void>();

/** Called after each call that main answered without an error; returns the function that ends it. */
export function onAnswered(listener: (name: IpcCall) => void): () => void {
  answered.add(listener);
  return () => {
    answered.delete(listener);
  };
}

export const bridge: IpcBridge = {
  call: async (name, request) => {
    const answer = await transport.call(name, request);
    for (const listener of answered) listener(name);
    return answer;
  },
  on: (name, listener) => transport.on(name, listener),
};
