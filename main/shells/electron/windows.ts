// The windows of the desktop app: one main window, one usage window. All sandboxed, isolated, without Node.
import path from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions, Screen, WebPreferences } from 'electron';
import { APP_ORIGIN } from './app-protocol.ts';
import { isOnScreen } from './window-state.ts';
import type { WindowState } from './window-state.ts';

/** Electron's defaults are written out, so that a change of defaults cannot open anything. */
export function webPreferences(preload: string): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  };
}

export interface WindowDeps {
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly screen: Pick<Screen, 'getAllDisplays'>;
  readonly state: WindowState;
  /** folder of preload.cjs */
  readonly bundle: string;
  /** told when the process of a page died, with Chromium's reason */
  onCrash(reason: string): void;
}

const SAVE_AFTER_MS = 400;
const RELOAD_PAUSE_MS = 10_000;

/**
 * Saved while the window lives, not only when it closes: a crash, a kill or a power cut loses at most the last half
 * second.
 */
function saveBounds(window: BrowserWindow, state: WindowState): { timer: NodeJS.Timeout | undefined } {
  const saving: { timer: NodeJS.Timeout | undefined } = { timer: undefined };
  const save = (): void => {
    clearTimeout(saving.timer);
    if (!window.isDestroyed()) state.write({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const soon = (): void => {
    clearTimeout(saving.timer);
    saving.timer = setTimeout(save, SAVE_AFTER_MS);
  };
  window.on('resize', soon);
  window.on('move', soon);
  window.on('maximize', soon);
  window.on('unmaximize', soon);
  window.on('close', save);
  return saving;
}

/**
 * A page whose process died is loaded again, since what was unsaved lies with main; one that dies at once again is left
 * alone.
 */
function reloadAfterCrash(window: BrowserWindow, onCrash: (reason: string) => void): void {
  let last = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    onCrash(reason);
    const now = performance.now();
    if (now - last > RELOAD_PAUSE_MS && !window.isDestroyed()) window.webContents.reload();
    last = now;
  });
}

export class Windows {
  readonly #deps: WindowDeps;
  #main: BrowserWindow | null = null;
  #usage: BrowserWindow | null = null;

  constructor(deps: WindowDeps) {
    this.#deps = deps;
  }

  all(): BrowserWindow[] {
    return [this.#main, this.#usage].filter((window) => window !== null && !window.isDestroyed()) as BrowserWindow[];
  }

  /** Opens the main window, or brings it to the front. */
  show(): void {
    if (this.#main !== null && !this.#main.isDestroyed()) {
      if (this.#main.isMinimized()) this.#main.restore();
      this.#main.focus();
      return;
    }
    const saved = this.#deps.state.read();
    const usable =
      saved !== null &&
      isOnScreen(
        saved,
        this.#deps.screen.getAllDisplays().map((display) => display.workArea),
      )
        ? saved
        : null;
    const window = this.#open('/', {
      width: usable?.width ?? 1440,
      height: usable?.height ?? 900,
      ...(usable === null ? {} : { x: usable.x, y: usable.y }),
    });
    if (usable?.maximized === true) window.maximize();
    const saving = saveBounds(window, this.#deps.state);
    window.on('closed', () => {
      clearTimeout(saving.timer);
      this.#main = null;
    });
    this.#main = window;
  }

  showUsage(): void {
    if (this.#usage !== null && !this.#usage.isDestroyed()) {
      this.#usage.focus();
      return;
    }
    const window = this.#open('/#/usage', { width: 1000, height: 720 });
    window.on('closed', () => {
      this.#usage = null;
    });
    this.#usage = window;
  }

  #open(route: string, bounds: { width: number; height: number; x?: number; y?: number }): BrowserWindow {
    const window = new this.#deps.BrowserWindow({
      ...bounds,
      minWidth: 900,
      minHeight: 560,
      show: false,
      backgroundColor: '#0d1015',
      title: 'genRTL',
      autoHideMenuBar: true,
      webPreferences: webPreferences(path.join(this.#deps.bundle, 'preload.cjs')),
    });
    reloadAfterCrash(window, (reason) => this.#deps.onCrash(reason));
    // Shown when drawn: no white flash.
    window.once('ready-to-show', () => window.show());
    void window.loadURL(`${APP_ORIGIN}${route}`);
    return window;
  }
}
