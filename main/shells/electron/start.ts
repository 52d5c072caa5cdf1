// Puts the desktop app together from Electron's parts, which are passed in: the same code runs against a fake in tests.
import type {
  App,
  BrowserWindow,
  BrowserWindowConstructorOptions,
  IpcMain,
  Protocol,
  Screen,
  Session,
  Shell,
} from 'electron';
import { createDispatch } from '../../ipc/dispatch.ts';
import type { Ipc } from '../../ipc/handlers.ts';
import type { PushHub } from '../../ipc/push-hub.ts';
import type { PageAssets } from '../page-assets.ts';
import { registerScheme, servePage } from './app-protocol.ts';
import { linkInArguments, parseDeepLink } from './deep-link.ts';
import type { DeepLink } from './deep-link.ts';
import { denyPermissions, lockEverything } from './lockdown.ts';
import { sendPushes, serveCalls } from './page-calls.ts';
import type { WindowState } from './window-state.ts';
import { Windows } from './windows.ts';

export interface ElectronParts {
  readonly app: App;
  readonly protocol: Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'>;
  readonly ipcMain: Pick<IpcMain, 'handle'>;
  readonly session: {
    readonly defaultSession: Pick<
      Session,
      'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
    >;
  };
  readonly shell: Pick<Shell, 'openExternal'>;
  readonly screen: Pick<Screen, 'getAllDisplays'>;
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => BrowserWindow;
}

export interface DesktopDeps {
  readonly electron: ElectronParts;
  readonly assets: PageAssets;
  readonly windowState: WindowState;
  /** folder of preload.cjs */
  readonly bundle: string;
  /** made after the single-instance lock is ours, so that a second start touches nothing */
  services(): { readonly ipc: Ipc; readonly pushes: PushHub; close(): Promise<void> };
  onLink(link: DeepLink): void;
  /** begins to look for updates; returns the function that ends it */
  followUpdates(): () => void;
  onUnexpected(where: string, error: unknown): void;
}

/** Resolves when the first window is open, or at once in a second instance, which hands over to the first and quits. */
export async function startDesktop(deps: DesktopDeps): Promise<void> {
  const { app, protocol, ipcMain, session, shell, screen, BrowserWindow } = deps.electron;
  app.enableSandbox();
  registerScheme(protocol);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  const windows = new Windows({
    BrowserWindow,
    screen,
    state: deps.windowState,
    bundle: deps.bundle,
    onCrash: (reason) => deps.onUnexpected('page', new Error(`The page's process ended: ${reason}`)),
  });
  const follow = (link: DeepLink | null): void => {
    windows.show();
    if (link !== null) deps.onLink(link);
  };
  app.setAsDefaultProtocolClient('genrtl');
  app.on('second-instance', (_event, argv) => follow(linkInArguments(argv)));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    follow(parseDeepLink(url));
  });
  lockEverything(app, shell, () => windows.showUsage());

  await app.whenReady();
  const { ipc, pushes, close } = deps.services();
  denyPermissions(session.defaultSession);
  servePage(protocol, deps.assets);
  serveCalls(ipcMain, createDispatch(ipc.handlers, deps.onUnexpected));
  const stopPushes = sendPushes(pushes, () => windows.all());
  const stopUpdates = deps.followUpdates();
  app.on('activate', () => windows.show());
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  quitCleanly(app, async () => {
    stopPushes();
    stopUpdates();
    await ipc.close();
    await close();
  });
  windows.show();
}

/** Services end before the process does; a second request to quit does not wait. */
function quitCleanly(app: App, end: () => Promise<void>): void {
  let ended = false;
  let ending = false;
  app.on('before-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    if (ending) return;
    ending = true;
    void end()
      .catch(() => undefined)
      .then(() => {
        ended = true;
        app.quit();
      });
  });
}
