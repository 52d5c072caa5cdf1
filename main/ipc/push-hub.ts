// Fan-out of main-to-page messages: services publish, each connected page subscribes.
import type { IpcPush, IpcPushPayload } from '@genrtl/contracts/ipc/index.ts';

export type PushMessage = { [P in IpcPush]: { readonly push: P; readonly payload: IpcPushPayload<P> } }[IpcPush];
export type PushListener = (message: PushMessage) => void;

export class PushHub {
  readonly #listeners = new Set<PushListener>();

  publish(message: PushMessage): void {
    for (const listener of this.#listeners) listener(message);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: PushListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  get size(): number {
    return this.#listeners.size;
  }
}
