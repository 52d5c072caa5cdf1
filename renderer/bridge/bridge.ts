// Picks the transport once: Electron's preload when it is there, else the WebSocket of the web host.
import type { IpcAnswer, IpcBridge, IpcCall, IpcPush, IpcPushPayload, IpcRequest, IpcResponse } from '@genrtl/contracts';
import { CallError } from './call-error.ts';
import { SocketBridge } from './socket-bridge.ts';
import { useLink } from '../state/link-store.ts';

/** What preload exposes: answers cross the context bridge as data, since thrown errors would lose their fields there. */
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

function connect(): IpcBridge {
  if (window.genrtl !== undefined) return new PreloadTransport(window.genrtl);
  const url = `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/ipc`;
  return new SocketBridge(url, (state) => useLink.getState().setLink(state));
}

export const bridge: IpcBridge = connect();
