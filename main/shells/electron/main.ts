// Entry of the desktop app. The only file of main that imports Electron itself.
import path from 'node:path';
import { BrowserWindow, app, ipcMain, protocol, safeStorage, screen, session, shell } from 'electron';
import { compose } from '../../compose.ts';
import { createIpc } from '../../ipc/handlers.ts';
import { PageAssets } from '../page-assets.ts';
import { createSecretCipher } from './secret-cipher.ts';
import { startDesktop } from './start.ts';
import { followUpdates } from './updates.ts';
import { openWindowState } from './window-state.ts';

// Bundled to dist/electron/main.mjs, beside preload.cjs and ../renderer.
const bundle = import.meta.dirname;
const report = (where: string, error: unknown): void => {
  process.stderr.write(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
};

startDesktop({
  electron: { app, protocol, ipcMain, session, shell, screen, BrowserWindow },
  assets: PageAssets.open(path.join(bundle, '..', 'renderer')),
  windowState: openWindowState(app.getPath('userData')),
  bundle,
  services: () => {
    const { services, close } = compose({
      env: process.env,
      shell: 'electron',
      cipher: createSecretCipher(safeStorage),
    });
    return { ipc: createIpc(services), pushes: services.pushes, close };
  },
  // Sign-in needs a hosted backend; with the embedded one there is nobody to sign in to, so a link only shows the
  // window.
  onLink: () => undefined,
  followUpdates: () =>
    followUpdates({
      feedUrl: process.env['GENRTL_UPDATE_URL'],
      packaged: app.isPackaged,
      onUnexpected: report,
      // electron-updater is CommonJS and makes its updater for this system when it is first asked for it
      updater: async () => (await import('electron-updater')).default.autoUpdater,
    }),
  onUnexpected: report,
}).catch((error: unknown) => {
  report('start', error);
  app.exit(1);
});
