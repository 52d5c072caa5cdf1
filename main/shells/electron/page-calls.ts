// Electron's transport of the page's calls: checks the sender, hands name and payload to the dispatcher, sends pushes
// to all windows.
import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { GenrtlError } from '@genrtl/contracts';
import type { IpcAnswer } from '@genrtl/contracts/ipc/index.ts';
import { CALL_CHANNEL, PUSH_CHANNEL } from '@genrtl/contracts/channels.ts';
import type { Dispatch } from '../../ipc/dispatch.ts';
import type { PushHub } from '../../ipc/push-hub.ts';
import { isAppUrl } from './app-protocol.ts';

/** Only the top frame of our own page may call; a frame that is gone has no sender. */
export function isTrustedSender(event: Pick<IpcMainInvokeEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isAppUrl(frame.url);
}

export function serveCalls(ipcMain: Pick<IpcMain, 'handle'>, dispatch: Dispatch): void {
  ipcMain.handle(CALL_CHANNEL, async (event, name: unknown, request: unknown): Promise<IpcAnswer> => {
    if (!isTrustedSender(event))
      return { ok: false, error: new GenrtlError('REQUEST_INVALID', 'The sender is not the page of genRTL.').toBody() };
    return dispatch(name, request);
  });
}

/** Returns the function that ends the pushes. */
export function sendPushes(
  pushes: PushHub,
  windows: () => readonly { readonly webContents: Pick<WebContents, 'send' | 'isDestroyed'> }[],
): () => void {
  return pushes.subscribe((message) => {
    for (const { webContents } of windows()) if (!webContents.isDestroyed()) webContents.send(PUSH_CHANNEL, message);
  });
}
