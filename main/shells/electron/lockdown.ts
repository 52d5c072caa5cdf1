// What a page inside Electron may not do: navigate away, open windows of other origins, ask for permissions, attach
// webviews.
import type { App, Session, Shell, WebContents } from 'electron';
import { isAppUrl } from './app-protocol.ts';

/** Addresses that may open in the person's own browser. */
export function mayOpenOutside(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}

export function lockWebContents(
  contents: WebContents,
  shell: Pick<Shell, 'openExternal'>,
  openUsage: () => void,
): void {
  contents.on('will-navigate', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isAppUrl(url) && new URL(url).hash.startsWith('#/usage')) openUsage();
    else if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

export function denyPermissions(
  session: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'>,
): void {
  // the end of a long job is told by a notification; everything else a page could ask for has no use here
  const allowed = (permission: string, url: string): boolean => permission === 'notifications' && isAppUrl(url);
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) =>
    decide(allowed(permission, requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => allowed(permission, origin));
  session.setDevicePermissionHandler(() => false);
}

/** Every web contents that ever comes to be is locked, not only the windows that we make. */
export function lockEverything(app: Pick<App, 'on'>, shell: Pick<Shell, 'openExternal'>, openUsage: () => void): void {
  app.on('web-contents-created', (_event, contents) => lockWebContents(contents, shell, openUsage));
}
