// The bridge over a WebSocket (web host): reconnects by itself; calls that were under way when the host died fail as
// retryable.
import type { ErrorBody } from '@genrtl/contracts';
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

export type LinkState = 'connecting' | 'open' | 'lost';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: CallError): void;
}

/**
 * Calls that go by HTTP instead: their answers have a megabyte, and on the socket a key's echo would wait behind them.
 * The browser also takes them in three times as fast.
 */
const BY_HTTP: ReadonlySet<IpcCall> = new Set<IpcCall>(['workspace.read_part', 'workspace.files']);

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 4000;

const lost = (): CallError =>
  new CallError({
    code: 'BACKEND_UNAVAILABLE',
    message: 'The connection to genRTL was lost.',
    retryable: true,
  });

export class SocketBridge implements IpcBridge {
  readonly #url: string;
  readonly #onLink: (state: LinkState) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<(payload: never) => void>>();
  #socket: WebSocket | undefined;
  #opened: Promise<void> | undefined;
  #nextId = 1;
  #retryMs = FIRST_RETRY_MS;

  constructor(url: string, onLink: (state: LinkState) => void) {
    this.#url = url;
    this.#onLink = onLink;
    this.#connect();
  }

  async call<C extends IpcCall>(name: C, request: IpcRequest<C>): Promise<IpcResponse<C>> {
    await this.#opened;
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) throw lost();
    if (BY_HTTP.has(name)) return this.#post(name, request);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (value) => resolve(value as IpcResponse<C>), reject });
      socket.send(JSON.stringify({ id, call: name, request }));
    });
  }

  on<P extends IpcPush>(name: P, listener: (payload: IpcPushPayload<P>) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener as (payload: never) => void);
    return () => {
      set.delete(listener as (payload: never) => void);
    };
  }

  async #post<C extends IpcCall>(name: C, request: IpcRequest<C>): Promise<IpcResponse<C>> {
    const answer = await fetch('/ipc', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ call: name, request }),
    })
      .then((response) => response.json() as Promise<IpcAnswer>)
      .catch(() => null);
    // a page of the lock screen is no JSON; the socket then says what is wrong
    if (answer === null) throw lost();
    if (!answer.ok) throw new CallError(answer.error as ErrorBody);
    return answer.value as IpcResponse<C>;
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#onLink('connecting');
    this.#opened = new Promise((resolve) => {
      socket.addEventListener('open', () => {
        this.#retryMs = FIRST_RETRY_MS;
        this.#onLink('open');
        resolve();
      });
      socket.addEventListener('close', () => {
        resolve();
        this.#lost();
      });
    });
    socket.addEventListener('message', (event) => this.#receive(String(event.data)));
  }

  #lost(): void {
    this.#onLink('lost');
    for (const waiting of this.#waiting.values()) waiting.reject(lost());
    this.#waiting.clear();
    // Jitter, so that many pages of one host do not come back in the same instant.
    setTimeout(() => this.#connect(), this.#retryMs * (0.75 + Math.random() / 2));
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
  }

  #receive(text: string): void {
    const message = JSON.parse(text) as { id?: number | null; answer?: IpcAnswer; push?: string; payload?: unknown };
    if (message.push !== undefined) {
      for (const listener of this.#listeners.get(message.push) ?? []) listener(message.payload as never);
      return;
    }
    if (typeof message.id !== 'number' || message.answer === undefined) return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.answer.ok) waiting?.resolve(message.answer.value);
    else waiting?.reject(new CallError(message.answer.error as ErrorBody));
  }
}
