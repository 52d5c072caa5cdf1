// The bridge into Electron's sandboxed page: named functions over one channel each way, never raw IPC.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { CALL_CHANNEL, PUSH_CHANNEL } from '@genrtl/contracts/channels.ts';

const NAME = /^[a-z]+\.[a-z_]+$/;

contextBridge.exposeInMainWorld('genrtl', {
  /** Answers with an IpcAnswer; main checks name, payload and sender. */
  call: (name: unknown, request: unknown): Promise<unknown> =>
    typeof name === 'string' && NAME.test(name)
      ? ipcRenderer.invoke(CALL_CHANNEL, name, request)
      : Promise.reject(new TypeError('no such call')),
  /** Returns the function that ends the subscription. */
  on: (name: unknown, listener: (payload: unknown) => void): (() => void) => {
    const receive = (_event: unknown, message: { push: string; payload: unknown }): void => {
      if (message.push === name) listener(message.payload);
    };
    ipcRenderer.on(PUSH_CHANNEL, receive);
    return () => {
      ipcRenderer.removeListener(PUSH_CHANNEL, receive);
    };
  },
  pathOf: (file: File): string => webUtils.getPathForFile(file),
});
